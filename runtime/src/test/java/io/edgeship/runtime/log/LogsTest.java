package io.edgeship.runtime.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class LogsTest {
    private static final Log LOG = Log.of(LogsTest.class);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Logger root = Logger.getLogger("");
    private Handler[] before = {};

    @BeforeEach
    void remember() {
        before = root.getHandlers();
    }

    @AfterEach
    void restore() {
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        for (Handler handler : before) {
            root.addHandler(handler);
        }
        root.setLevel(java.util.logging.Level.INFO);
    }

    private String lines() {
        return out.toString(StandardCharsets.UTF_8).replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "TIME");
    }

    @Test
    void jsonLineHoldsMessageLoggerAndKeys() {
        Logs.configure(Logs.Format.JSON, Logs.Level.INFO, out);
        LOG.info("block shipped", "block", "01M8", "bytes", 12, "note", "a \"b\"\nc\\ü", "none", null);

        assertThat(lines()).isEqualTo("""
                {"ts":"TIME","level":"info","msg":"block shipped","logger":"io.edgeship.runtime.log.LogsTest",\
                "block":"01M8","bytes":"12","note":"a \\"b\\"\\nc\\\\ü","none":"null"}
                """);
    }

    /// As its shutdown hook does, beside ours.
    @Test
    void linesAreWrittenAfterTheLogManagerHasGivenUp() {
        Logs.configure(Logs.Format.LOGFMT, Logs.Level.INFO, out);
        LogManager.getLogManager().reset();
        LOG.info("last words");
        LOG.debug("and none of these");

        assertThat(lines()).containsOnlyOnce("msg=\"last words\"").doesNotContain("none of these");
    }

    @Test
    void logfmtLineQuotesWhereItMust() {
        Logs.configure(Logs.Format.LOGFMT, Logs.Level.INFO, out);
        LOG.warn("block set aside", "path", "/a b", "empty", "", "a key", "x=y", "plain", "1");

        assertThat(lines())
                .isEqualTo("ts=TIME level=warn msg=\"block set aside\" logger=io.edgeship.runtime.log.LogsTest"
                        + " path=\"/a b\" empty=\"\" a_key=\"x=y\" plain=1\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "secret_key",
                "password",
                "session_token",
                "Authorization",
                "access_key",
                "accessKeyId",
                "passwd",
                "api-key",
                "private_key",
                "encryption_key",
                "credentials"
            })
    void valuesOfSecretKeysAreNeverPrinted(String key) {
        for (Logs.Format format : Logs.Format.values()) {
            Logs.configure(format, Logs.Level.DEBUG, out);
            LOG.debug("x", key, "hunter2");
        }
        assertThat(lines()).doesNotContain("hunter2").contains("***");
    }

    @Test
    void causesAreNamedOnceAndBugsWithTheirStack() {
        Logs.configure(Logs.Format.JSON, Logs.Level.INFO, out);
        LOG.warn("upload put off", new IOException("sending part 3", new IOException("connection reset")), "part", 3);
        LOG.error("page threw", new IllegalStateException("bug"));

        assertThat(lines().lines().toList().getFirst())
                .contains("\"err\":\"sending part 3: connection reset\"")
                .doesNotContain("stack");
        assertThat(lines().lines().toList().getLast())
                .contains("\"level\":\"error\"")
                .contains("LogsTest.causesAreNamedOnceAndBugsWithTheirStack");
    }

    @Test
    void levelsBelowTheAskedOneAreLeftOut() {
        Logs.configure(Logs.Format.LOGFMT, Logs.Level.WARN, out);
        LOG.debug("no");
        LOG.info("no");
        LOG.warn("yes");
        LoggerFactory.getLogger("some.library").info("no");

        assertThat(lines().lines()).singleElement().asString().contains("msg=yes");
    }

    @Test
    void librariesLogTheSameWay() {
        Logs.configure(Logs.Format.JSON, Logs.Level.INFO, out);
        LoggerFactory.getLogger("some.library").warn("slow {}", "disk");
        Logger.getLogger("other.library").log(java.util.logging.Level.SEVERE, "broken {0} '", new Object[] {"x"});

        assertThat(lines())
                .contains("\"level\":\"warn\",\"msg\":\"slow disk\",\"logger\":\"some.library\"")
                .contains("\"msg\":\"broken x ")
                .hasLineCount(2);
    }

    @Test
    void libraryMessageWithABrokenPatternIsPrintedAsItIs() {
        Logs.configure(Logs.Format.LOGFMT, Logs.Level.INFO, out);
        Logger.getLogger("other.library").log(java.util.logging.Level.SEVERE, "set {0} of {x}", new Object[] {"x"});

        assertThat(lines()).contains("msg=\"set {0} of {x}\"");
    }

    @Test
    void keyWithoutValueDoesNotStopTheWork() {
        Logs.configure(Logs.Format.LOGFMT, Logs.Level.INFO, out);
        LOG.warn("odd", "block");

        assertThat(lines()).endsWith(" block=\"(no value)\"\n");
    }
}
