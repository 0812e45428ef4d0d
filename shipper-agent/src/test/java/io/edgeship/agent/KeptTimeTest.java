package io.edgeship.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.bucket.CertificateClock;
import io.edgeship.bucket.StoreClock;
import io.edgeship.queue.Spool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptTimeTest {
    private static final Instant BUILT = Instant.parse("2026-11-23T00:00:00Z");
    private static final Instant NOW = Instant.parse("2028-02-01T00:00:00Z");

    @TempDir
    private Path dir;

    private final AtomicLong nanos = new AtomicLong();

    private CertificateClock clock() {
        return new StoreClock(InstantSource.fixed(Instant.EPOCH), nanos::get, BUILT).certificates();
    }

    @Test
    void theTimeThatWasTrustedLastSurvivesARestart() throws IOException {
        try (Spool spool = Spool.open(dir.resolve("spool"))) {
            CertificateClock before = clock();
            new KeptTime(List.of(spool), before).recall();
            assertThat(before.atLeast()).isEqualTo(BUILT);
            before.trust(NOW);
            nanos.addAndGet(Duration.ofHours(3).toNanos());
            new KeptTime(List.of(spool), before).last();
        }
        try (Spool spool = Spool.open(dir.resolve("spool"))) {
            CertificateClock after = clock();
            new KeptTime(List.of(spool), after).recall();
            assertThat(after.atLeast()).isEqualTo(NOW.plus(Duration.ofHours(3)));
        }
    }

    @Test
    void itIsWrittenOnceADayAndAtTheEnd() throws IOException {
        try (Spool spool = Spool.open(dir.resolve("spool"))) {
            CertificateClock clock = clock();
            KeptTime kept = new KeptTime(List.of(spool), clock);
            clock.trust(NOW);
            int writes = 0;
            Path file = spool.dir().resolve("trusted-time");
            for (int minute = 0; minute < 3 * 24 * 60; minute++) {
                kept.daily();
                if (!Files.getLastModifiedTime(file).equals(FileTime.fromMillis(0))) {
                    writes++;
                    Files.setLastModifiedTime(file, FileTime.fromMillis(0));
                }
                nanos.addAndGet(Duration.ofMinutes(1).toNanos());
            }
            assertThat(writes).isEqualTo(3);
            kept.last();
            assertThat(Files.getLastModifiedTime(file)).isNotEqualTo(FileTime.fromMillis(0));
        }
    }

    @Test
    void theLatestOfSeveralCountsAndDamageDoesNot() throws IOException {
        try (Spool one = Spool.open(dir.resolve("one"));
                Spool two = Spool.open(dir.resolve("two"));
                Spool three = Spool.open(dir.resolve("three"))) {
            one.keep("trusted-time", "2027-01-01T00:00:00Z".getBytes(StandardCharsets.US_ASCII));
            two.keep("trusted-time", "torn".getBytes(StandardCharsets.US_ASCII));
            three.keep("trusted-time", "2028-01-01T00:00:00Z".getBytes(StandardCharsets.US_ASCII));
            CertificateClock clock = clock();
            new KeptTime(List.of(one, three, two), clock).recall();
            assertThat(clock.atLeast()).isEqualTo("2028-01-01T00:00:00Z");
        }
    }

    @Test
    void theSkewIsSaidInWords() {
        assertThat(SkewWatch.text(Optional.empty())).contains("not known");
        assertThat(SkewWatch.text(Optional.of(Duration.ofMillis(-200)))).isEqualTo("as the store's");
        assertThat(SkewWatch.text(Optional.of(Duration.ofSeconds(60)))).isEqualTo("1m 0s ahead of the store's");
        assertThat(SkewWatch.text(Optional.of(Duration.ofSeconds(-61))))
                .isEqualTo("1m 1s behind the store's: set the clock");
        assertThat(SkewWatch.text(Optional.of(Duration.ofDays(800).plusHours(5))))
                .startsWith("800d 5h ahead");
    }
}
