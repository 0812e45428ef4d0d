package io.edgeship.compact;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.fleet.BucketBlock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever order blocks arrive in, and however many cycles run meanwhile, readers see the same values: raw, and each
/// aggregate of each window of five minutes and of an hour.
class CycleOrderTest {
    private static final List<Long> RESOLUTIONS = List.of(0L, 300_000L, 3_600_000L);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path dir;

    @SuppressWarnings("NullAway.Init") // made before all tests
    private static CycleBed bed;

    @SuppressWarnings("NullAway.Init") // likewise
    private static List<BlockId> shipped;

    /// Of one cycle over all of them, by the place of the resolution.
    private static final List<List<String>> VALUES = new ArrayList<>();

    @BeforeAll
    static void inOneCycle() throws Exception {
        bed = new CycleBed(dir, CycleBed.NO_WAITS).makeUp("sites=1,series=6,days=1,step=60s,start=2024-01-04");
        shipped = bed.shipped();
        bed.startOver(shipped);
        bed.cycle();
        for (long resolution : RESOLUTIONS) {
            VALUES.add(bed.values(bed.live(resolution)));
        }
        assertThat(VALUES.get(0)).hasSize(6 * 24 * 60);
        assertThat(VALUES.get(1)).hasSizeGreaterThan(4 * 6 * 24 * 12);
        assertThat(VALUES.get(2)).hasSizeGreaterThan(4 * 6 * 24);
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, Integer.getInteger("edgeship.order.seeds", 6));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theValuesAreTheSame(long seed) throws Exception {
        Random random = new Random(seed);
        List<BlockId> order = new ArrayList<>(shipped);
        Collections.shuffle(order, random);
        bed.startOver(List.of());
        for (BlockId block : order) {
            bed.ship(block);
            if (random.nextInt(3) > 0) {
                bed.later(Duration.ofSeconds(2));
                bed.cycle();
            }
        }
        bed.later(Duration.ofSeconds(2));
        bed.cycle();

        for (int i = 0; i < RESOLUTIONS.size(); i++) {
            List<BucketBlock> live = bed.live(RESOLUTIONS.get(i));
            assertThat(live).as("seed %d", seed).hasSize(1);
            assertThat(bed.values(live)).as("seed %d", seed).isEqualTo(VALUES.get(i));
        }
    }
}
