package io.edgeship.queue.transport.plain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.bucket.Body;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.FailingBucket;
import io.edgeship.bucket.file.FileBucket;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LooksTest {
    private static final String KEY = "a/b";

    @TempDir
    private Path dir;

    /// Numbers of the calls that fail, from 1.
    private final Set<Integer> failing = new HashSet<>();

    private boolean down;
    private int calls;
    private Looks looks;

    @BeforeEach
    void open() throws IOException {
        FileBucket store = FileBucket.open(dir, "");
        store.put(KEY, Body.of(new byte[] {7}));
        looks = new Looks(FailingBucket.when(
                store,
                _ -> failing.contains(++calls) || down,
                FailingBucket.Moment.AFTER,
                call -> new BucketException.Unavailable(call + ": the reply was lost", null)));
    }

    @Test
    void aLostAnswerIsAskedForOnceMoreAtOnce() throws IOException {
        failing.add(2);
        looks.at(KEY);
        assertThat(looks.at(KEY)).isInstanceOf(Looks.Look.Present.class);
        failing.add(4);
        assertThat(looks.read(KEY, 10)).containsExactly(7);
        assertThat(calls).isEqualTo(5);
    }

    @Test
    void aLinkThatHasNotAnsweredYetIsNotAskedTwice() {
        down = true;
        assertThatThrownBy(() -> looks.at(KEY)).isInstanceOf(BucketException.Unavailable.class);
        assertThat(calls).isEqualTo(1);
    }

    @Test
    void aLinkThatWentDownIsAskedTwiceTheFirstTimeOnly() throws IOException {
        looks.at(KEY);
        down = true;
        for (int attempt = 0; attempt < 3; attempt++) {
            assertThatThrownBy(() -> looks.at(KEY)).isInstanceOf(BucketException.Unavailable.class);
        }
        assertThat(calls).isEqualTo(1 + 2 + 1 + 1);
    }
}
