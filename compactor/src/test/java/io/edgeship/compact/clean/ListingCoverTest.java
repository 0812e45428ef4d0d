package io.edgeship.compact.clean;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.compact.clean.ListingCover.Folder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ListingCoverTest {
    private static final BlockId FIRST = BlockId.parse("01M83GR348Y4934FR7CE7TVV09");

    @Test
    void neighboursAreListedTogether() {
        List<Folder> folders = folders(200, 4, 200);

        List<String> cover = ListingCover.of(folders);

        assertThat(cover).hasSize(1);
        assertThat(folders).allMatch(folder -> folder.name().startsWith(cover.getFirst()));
    }

    @Test
    void oneAmongManyIsListedAlone() {
        List<Folder> folders = folders(10_000, 4, 0);
        Folder wanted = folders.get(5000);
        folders.set(5000, new Folder(wanted.name(), wanted.objects(), true));

        assertThat(ListingCover.of(folders))
                .singleElement()
                .satisfies(prefix -> assertThat(wanted.name() + "/").startsWith(prefix));
    }

    @Test
    void nothingWantedIsNothingListed() {
        assertThat(ListingCover.of(folders(100, 4, 0))).isEmpty();
    }

    @Test
    void everythingWantedIsListedOnceAndInNoMoreRequestsThanOneEach() {
        for (long seed = 1; seed <= 200; seed++) {
            Random random = new Random(seed);
            List<Folder> folders = new ArrayList<>();
            for (int i = random.nextInt(1, 300); i > 0; i--) {
                BlockId id = new BlockId(FIRST.high() + random.nextLong(1L << random.nextInt(16, 50)), i);
                folders.add(new Folder(id.toString(), random.nextInt(1, 3000), random.nextInt(4) == 0));
            }
            folders.sort(Comparator.comparing(Folder::name));

            List<String> cover = ListingCover.of(folders);

            long wanted = folders.stream().filter(Folder::isWanted).count();
            long alone = folders.stream()
                    .filter(Folder::isWanted)
                    .mapToLong(folder -> Math.ceilDiv(folder.objects(), 1000L))
                    .sum();
            long requests = cover.stream()
                    .mapToLong(prefix -> Math.ceilDiv(
                            folders.stream()
                                    .filter(folder -> (folder.name() + "/").startsWith(prefix))
                                    .mapToLong(Folder::objects)
                                    .sum(),
                            1000L))
                    .sum();
            assertThat(folders.stream()
                            .filter(Folder::isWanted)
                            .filter(folder -> cover.stream()
                                            .filter(prefix -> (folder.name() + "/").startsWith(prefix))
                                            .count()
                                    == 1)
                            .count())
                    .as("seed %d", seed)
                    .isEqualTo(wanted);
            assertThat(requests).as("seed %d", seed).isLessThanOrEqualTo(alone);
        }
    }

    private static List<Folder> folders(int count, int objects, int wanted) {
        List<Folder> folders = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            BlockId id = new BlockId(FIRST.high() + ((long) i << 38), 0);
            folders.add(new Folder(id.toString(), objects, i < wanted));
        }
        return folders;
    }
}
