package io.edgeship.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.queue.quota.OnFull;
import io.edgeship.queue.quota.SpoolLimits;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpoolConfigTest {
    @TempDir
    private Path dir;

    @Test
    void nothingIsDeletedUnlessItIsSaid() throws Exception {
        SpoolLimits limits = spool("{}").limits(dir);
        assertThat(limits.onFull()).isEqualTo(OnFull.STOP);
        assertThat(limits.maxBytes()).isZero();
    }

    @Test
    void whatIsSaidIsMeant() throws Exception {
        SpoolLimits limits =
                spool("{max_bytes: 4GiB, min_free_bytes: 0, on_full: thin}").limits(dir);
        assertThat(limits).isEqualTo(new SpoolLimits(4L << 30, 0, OnFull.THIN));
    }

    @Test
    void anUnknownPolicyIsAnError() {
        assertThatThrownBy(() -> spool("{on_full: newest}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("on_full", "stop, oldest, thin");
    }

    @Test
    void aReserveIsASizeOrAuto() throws Exception {
        assertThat(spool("{min_free_bytes: auto}")).isEqualTo(spool("{}"));
        assertThatThrownBy(() -> spool("{min_free_bytes: some}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("spool.min_free_bytes", "auto");
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1000, 50", "8000000000, 400000000", "32000000000, 536870912"})
    void aTwentiethOfTheDiskStaysFreeAtMost512MiB(long diskBytes, long expected) {
        assertThat(SpoolConfig.reserve(diskBytes)).isEqualTo(expected);
    }

    private static SpoolConfig spool(String yaml) throws ConfigException, IOException {
        return SpoolConfig.from(ConfigFile.parse("agent.yaml", "spool: " + yaml, Map.of())
                .root()
                .section("spool"));
    }
}
