package io.edgeship.fleet;

import static io.edgeship.fleet.BucketFolder.A;
import static io.edgeship.fleet.BucketFolder.B;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.BlockId;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.fleet.PartialBlock.State;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class FolderListingTest {
    @Test
    void aFolderWithMoreObjectsThanAnyBlockIsHeldAndNotKeptInMemory() throws Exception {
        MemoryBucket bucket = new MemoryBucket();
        for (int i = 0; i <= FolderListing.OBJECTS_MAX; i++) {
            bucket.add(A + "/chunks/" + i, new byte[0]);
        }

        assertThat(sync(bucket).partial()).singleElement().satisfies(block -> {
            assertThat(block.state()).isEqualTo(State.HELD);
            assertThat(block.objects()).isEqualTo(FolderListing.OBJECTS_MAX);
        });
    }

    @Test
    void aListingOutOfOrderEndsThePassBeforeABlockLooksHalfThere() {
        Bucket careless = shuffled();

        assertThatThrownBy(() -> sync(careless))
                .isInstanceOf(BucketException.Refused.class)
                .hasMessageContaining("not the order of keys");
    }

    /// Gives one block's files apart from each other.
    private static Bucket shuffled() {
        MemoryBucket memory = new MemoryBucket(Comparator.comparing((String key) -> key.substring(BlockId.LENGTH))
                .thenComparing(Comparator.naturalOrder()));
        for (BlockId id : List.of(A, B)) {
            memory.add(id + "/index", new byte[1]);
            memory.add(id + "/meta.json", BucketFolder.meta(id, 0, 1, "a").getBytes(UTF_8));
        }
        return memory;
    }

    private static BucketView sync(Bucket bucket) throws Exception {
        return new BucketSync(bucket).sync();
    }
}
