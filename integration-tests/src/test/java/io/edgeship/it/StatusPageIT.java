package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.edgeship.agent.status.SiteStatus;
import io.edgeship.agent.status.StatusHtml;
import io.edgeship.agent.status.StatusJsonReader;
import io.edgeship.runtime.http.Health;
import io.edgeship.runtime.http.ListenAddress;
import io.edgeship.runtime.http.Metrics;
import io.edgeship.runtime.http.OpsServer;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The status page in a real browser: axe finds nothing, nothing scrolls sideways, and nothing else is loaded. With
/// `-Dedgeship.write.docs=true` the screenshots of the documentation are taken anew.
class StatusPageIT {
    /// What nobody sees makes files larger.
    private static final int COLOURS_KEPT = 0xfcfcfc;

    private static final Path IMAGES = Path.of("../docs/images");
    private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";

    @TempDir
    private static Path folder;

    private static Chromium browser;
    private static String axe;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(
                Chromium.program().isPresent(),
                "no chromium or google-chrome on the PATH; Debian: apt-get install --no-install-recommends chromium");
        browser = Chromium.start(folder);
        axe = resource(AXE);
    }

    @AfterAll
    static void stop() throws IOException {
        if (browser != null) {
            browser.close();
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = StatusPageIT.class.getResourceAsStream(name)) {
            assertThat(in).as(name).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static OpsServer serving(String status) throws Exception {
        byte[] json = resource("/status/" + status + ".json").getBytes(StandardCharsets.UTF_8);
        SiteStatus read = StatusJsonReader.read(status, json);
        OpsServer server = OpsServer.start(ListenAddress.parse("127.0.0.1:0"), new Metrics(), new Health());
        server.page(
                "/", _ -> new OpsServer.Answer("text/html; charset=utf-8", StatusHtml.of(read), StatusHtml.HEADERS));
        return server;
    }

    @ParameterizedTest
    @CsvSource({
        "waiting, 360, light",
        "waiting, 360, dark",
        "waiting, 1280, light",
        "waiting, 1280, dark",
        "trouble, 360, light",
        "trouble, 360, dark",
        "trouble, 1280, light",
        "trouble, 1280, dark",
        "new, 360, dark",
        "new, 1280, light",
    })
    void everybodyCanReadThePageAtAnyWidth(String status, int width, String colours) throws Exception {
        try (OpsServer server = serving(status)) {
            browser.open(URI.create("http://127.0.0.1:" + server.port() + "/"), width, colours);

            assertThat(browser.evaluate("String(matchMedia('(prefers-color-scheme: dark)').matches)"))
                    .isEqualTo(String.valueOf(colours.equals("dark")));
            assertThat(browser.evaluate("getComputedStyle(document.querySelector('section')).borderRadius"))
                    .as("the style passes the page's own policy")
                    .isEqualTo("8px");
            assertThat(browser.evaluate("String(document.documentElement.scrollWidth)"))
                    .as("nothing is wider than the screen")
                    .isEqualTo(String.valueOf(width));
            assertThat(browser.evaluate("JSON.stringify(performance.getEntriesByType('resource').map(e => e.name))"))
                    .as("what was loaded beside the page")
                    .isEqualTo("[]");
            assertThat(violations()).isEmpty();
            Path image = IMAGES.resolve("status-%s-%d-%s.png".formatted(status, width, colours));
            if (Boolean.getBoolean("edgeship.write.docs") && Files.exists(image)) {
                shrink(browser.screenshot(), image);
            }
        }
    }

    /// A browser compresses in a hurry.
    private static void shrink(byte[] png, Path file) throws IOException {
        BufferedImage shot = ImageIO.read(new ByteArrayInputStream(png));
        BufferedImage opaque = new BufferedImage(shot.getWidth(), shot.getHeight(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < shot.getHeight(); y++) {
            for (int x = 0; x < shot.getWidth(); x++) {
                opaque.setRGB(x, y, shot.getRGB(x, y) & COLOURS_KEPT);
            }
        }
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        ImageWriteParam best = writer.getDefaultWriteParam();
        best.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        best.setCompressionQuality(0);
        Files.deleteIfExists(file);
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(opaque, null, null), best);
        } finally {
            writer.dispose();
        }
    }

    /// A check that finds nothing might look at nothing.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "document.querySelector('svg title').remove()                              | svg-img-alt",
                "document.documentElement.removeAttribute('lang')                         | html-has-lang",
                "document.querySelector('.muted').style.color = '#ddd'                     | color-contrast",
            })
    void axeSeesWhatIsWrong(String damage, String rule) throws Exception {
        try (OpsServer server = serving("waiting")) {
            browser.open(URI.create("http://127.0.0.1:" + server.port() + "/"), 1280, "light");
            browser.evaluate(damage + "; ''");

            assertThat(violations()).contains(rule);
        }
    }

    /// A line a violation; empty where there is none.
    private static String violations() throws Exception {
        browser.evaluate(axe + "; ''");
        return browser.evaluate("""
                axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']}).then(
                  found => found.violations.map(v => v.id + ': ' + v.help + ': ' + v.nodes.map(n => n.html).join(' ')).join('\\n'))
                """);
    }
}
