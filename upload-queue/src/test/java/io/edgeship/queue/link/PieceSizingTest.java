package io.edgeship.queue.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.bucket.BucketException;
import io.edgeship.queue.link.PieceSizing.Sending;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PieceSizingTest {
    private static final long KIB = 1 << 10;
    private static final long MIB = 1 << 20;

    private long wireBytes;
    private long nanos;

    /// On links that are only slow, only far, both, or neither.
    private static final double[][] SPEEDS_AND_REQUEST_SECONDS = {{20e6, 0}, {100e6, 0.003}, {1e6, 0.6}, {64e3, 0.1}};

    /// How much a single run sends is also luck; the bound is of all seeds together. S3's least part of 5 MiB makes
    /// 1.39 the best on a link that is cut every 8 MiB.
    @ParameterizedTest
    @CsvSource({
        "64, 8192, 256, 50, 1.22",
        "64, 8192, 1024, 50, 1.08",
        "64, 8192, 8192, 50, 1.05",
        "64, 8192, 65536, 50, 1.01",
        "5120, 65536, 8192, 512, 1.42",
        "5120, 65536, 65536, 512, 1.09",
    })
    void wastesLittleOnALinkThatIsCut(long minKib, long maxKib, long meanKib, long totalMib, double bound)
            throws IOException {
        int seeds = 20;
        for (double[] link : SPEEDS_AND_REQUEST_SECONDS) {
            double sum = 0;
            for (long seed = 1; seed <= seeds; seed++) {
                CutLink cut = new CutLink(seed, (double) (meanKib * KIB), link[0], link[1]);
                sum += cut.ship(
                        totalMib * MIB, new PieceSizing(minKib * KIB, maxKib * KIB, cut::wireBytes, cut::nanos));
            }
            assertThat(sum / seeds)
                    .as("bytes sent ÷ bytes, seeds 1 to %d, %s B/s, %s s a request", seeds, link[0], link[1])
                    .isBetween(1.0, bound);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 256, 1.22", "2, 1024, 1.08"})
    void wastesLittleInEachSingleRunOfSmallPieces(long seed, long meanKib, double bound) throws IOException {
        for (long run = seed; run < seed + 50; run++) {
            CutLink cut = new CutLink(run, (double) (meanKib * KIB), 1e6, 0.05);
            double ratio = cut.ship(50 * MIB, new PieceSizing(64 * KIB, 8 * MIB, cut::wireBytes, cut::nanos));
            assertThat(ratio).as("seed %d", run).isLessThanOrEqualTo(bound);
        }
    }

    @Test
    void fillsASatelliteLinkThatIsNeverCut() throws IOException {
        CutLink satellite = new CutLink(1, 1e15, 1e6, 0.6);
        PieceSizing sizing = new PieceSizing(64 * KIB, 8 * MIB, satellite::wireBytes, satellite::nanos);

        satellite.ship(64 * MIB, sizing); // learns

        long begun = satellite.nanos();
        satellite.ship(256 * MIB, sizing);
        double share = 256 * MIB / 1e6 / ((satellite.nanos() - begun) / 1e9);
        assertThat(share).as("of the link's speed").isGreaterThan(0.9);
        assertThat(sizing.next()).isGreaterThan(4 * MIB);
    }

    @Test
    void putsLittleAtStakeForTheSakeOfTime() throws IOException {
        CutLink satellite = new CutLink(3, 8.0 * MIB, 1e6, 0.6);
        PieceSizing sizing = new PieceSizing(64 * KIB, 8 * MIB, satellite::wireBytes, satellite::nanos);

        assertThat(satellite.ship(512 * MIB, sizing)).isLessThan(1.06);
        assertThat(sizing.next()).as("larger than for heads alone").isGreaterThan(200 * KIB);
    }

    @Test
    void neverFollowsALostPieceByALargerOne() throws IOException {
        for (long seed = 1; seed <= 200; seed++) {
            Random random = new Random(seed);
            PieceSizing sizing = new PieceSizing(64 * KIB, 8 * MIB, () -> wireBytes, () -> nanos);
            for (int i = 0; i < 100; i++) {
                long piece = sizing.next();
                if (random.nextInt(4) == 0) {
                    lose(sizing, piece, 1 + (long) (random.nextDouble() * piece));
                    assertThat(sizing.next())
                            .as("seed %d, after piece %d of %d bytes was lost", seed, i, piece)
                            .isLessThanOrEqualTo(Math.max(64 * KIB, piece / 2));
                } else {
                    confirm(sizing, piece, random.nextDouble() * 10);
                }
            }
        }
    }

    @Test
    void halvesAfterEachLossDownToTheLeast() throws IOException {
        CutLink far = new CutLink(1, 1e15, 20e6, 0.6);
        PieceSizing sizing =
                new PieceSizing(5 * MIB, 64 * MIB, () -> wireBytes + far.wireBytes(), () -> nanos + far.nanos());
        far.ship(2048 * MIB, sizing);
        long piece = sizing.next();
        assertThat(piece).isGreaterThan(40 * MIB);

        for (int lost = 1; piece > 5 * MIB; lost++) {
            lose(sizing, piece, piece / 2);
            assertThat(sizing.next()).isBetween(5 * MIB, Math.max(5 * MIB, piece / 2));
            assertThat(sizing.lostInARow()).isEqualTo(lost);
            piece = sizing.next();
        }
        confirm(sizing, piece, 1);
        assertThat(sizing.lostInARow()).isZero();
    }

    @Test
    void takesTwentySecondsAPieceAtMostAtTheSpeedSeen() throws IOException {
        for (double bytesPerSecond : new double[] {8e3, 64e3, 250e3}) {
            CutLink slow = new CutLink(1, 1e15, bytesPerSecond, 0.3);
            PieceSizing sizing = new PieceSizing(16 * KIB, 64 * MIB, slow::wireBytes, slow::nanos);
            slow.ship((long) (bytesPerSecond * 600), sizing);

            assertThat(sizing.next() / bytesPerSecond + 0.3)
                    .as("seconds at %s B/s", bytesPerSecond)
                    .isLessThan(22);
        }
    }

    @Test
    void believesALinkThatSlowedDownAtOnce() throws IOException {
        PieceSizing sizing = new PieceSizing(64 * KIB, 8 * MIB, () -> wireBytes, () -> nanos);
        for (int i = 0; i < 100; i++) {
            confirm(sizing, sizing.next(), sizing.next() / 1e7 + 0.5);
        }
        assertThat(sizing.next()).isEqualTo(8 * MIB);

        confirm(sizing, 8 * MIB, 8 * MIB / 50e3);

        assertThat(sizing.next() / 50e3).as("seconds at the new speed").isLessThan(30);
    }

    @Test
    void learnsNothingFromALinkThatIsDownOrClosed() throws IOException {
        PieceSizing sizing = new PieceSizing(64 * KIB, 8 * MIB, () -> wireBytes, () -> nanos);
        for (int i = 0; i < 50; i++) {
            confirm(sizing, sizing.next(), 1);
        }
        long before = sizing.next();

        for (int i = 0; i < 1000; i++) {
            assertThatThrownBy(() -> sizing.send(before, failing(new BucketException.Unavailable("down", null))))
                    .isInstanceOf(BucketException.Unavailable.class);
            wireBytes += 500;
            assertThatThrownBy(() -> sizing.send(before, failing(new BucketException.HeldBack("closed"))))
                    .isInstanceOf(BucketException.HeldBack.class);
            assertThatThrownBy(() -> sizing.send(before, failing(new BucketException.Throttled("slow down", null))))
                    .isInstanceOf(BucketException.Throttled.class);
        }

        assertThat(sizing.next()).isEqualTo(before);
        assertThat(sizing.lostInARow()).isZero();
    }

    @Test
    void refusesBoundsThatLeaveNoPiece() {
        assertThatThrownBy(() -> new PieceSizing(2, 1, () -> 0)).hasMessage("pieces of 2 to 1 bytes");
        assertThatThrownBy(() -> new PieceSizing(0, 1, () -> 0)).hasMessage("pieces of 0 to 1 bytes");
    }

    private void confirm(PieceSizing sizing, long piece, double seconds) throws IOException {
        sizing.send(piece, () -> {
            wireBytes += piece;
            nanos += (long) (seconds * 1e9);
            return true;
        });
    }

    private void lose(PieceSizing sizing, long piece, long sent) {
        assertThatThrownBy(() -> sizing.send(piece, () -> {
                    wireBytes += sent;
                    throw new BucketException.Unavailable("cut", null);
                }))
                .isInstanceOf(BucketException.Unavailable.class);
    }

    private static Sending<Boolean> failing(IOException failure) {
        return () -> {
            throw failure;
        };
    }
}
