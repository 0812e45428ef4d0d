package io.edgeship.bucket.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ForwardingBucket;
import io.edgeship.bucket.file.FileBucket;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // opened before each test
@Timeout(30)
class SwitchingBucketTest {
    private static final Body HELLO = Body.of("hello".getBytes(UTF_8));

    @TempDir
    Path dir;

    private Closing first;
    private Closing second;
    private SwitchingBucket bucket;

    @BeforeEach
    void open() throws IOException {
        first = new Closing(FileBucket.open(dir.resolve("one"), ""));
        second = new Closing(FileBucket.open(dir.resolve("two"), ""));
        bucket = new SwitchingBucket(first);
    }

    @Test
    void theOldBucketIsClosedAtOnceIfNobodyUsesIt() {
        bucket.switchTo(second);

        assertThat(first.closed).isTrue();
        assertThat(second.closed).isFalse();

        bucket.close();
        assertThat(second.closed).isTrue();
    }

    @Test
    void aStreamKeepsItsBucketOpenUntilItIsClosed() throws IOException {
        bucket.put("a", HELLO);
        InputStream in = bucket.get("a");
        try (in) {
            bucket.switchTo(second);
            assertThat(first.closed).isFalse();
            assertThat(in.readAllBytes()).hasSize(5);
        }
        assertThat(first.closed).isTrue();

        in.close(); // once more, which must not count twice
        bucket.put("b", HELLO);
    }

    @Test
    void aCallThatFailsHoldsNothing() {
        assertThatThrownBy(() -> bucket.get("none")).isInstanceOf(BucketException.NotFound.class);
        assertThatThrownBy(() -> bucket.get("none", 0, 1)).isInstanceOf(BucketException.NotFound.class);

        bucket.switchTo(second);

        assertThat(first.closed).isTrue();
    }

    @Test
    void noCallEverReachesAClosedBucket() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> workers = new ArrayList<>();
            for (int worker = 0; worker < 4; worker++) {
                workers.add(threads.submit(() -> {
                    while (!done.get()) {
                        bucket.head("a");
                    }
                    return null;
                }));
            }
            for (int round = 0; round < 500; round++) {
                bucket.switchTo(new Closing(first.inner()));
            }
            done.set(true);
            for (Future<?> worker : workers) {
                worker.get();
            }
        }
    }

    /// Refuses calls once it is closed; what it wraps stays open.
    private static final class Closing extends ForwardingBucket {
        volatile boolean closed;

        Closing(Bucket inner) {
            super(inner);
        }

        @Override
        protected Bucket inner() {
            return super.inner();
        }

        @Override
        protected <T> T around(Call call, Work<T> work) throws BucketException {
            T result = work.on(inner());
            if (closed) {
                throw new IllegalStateException("closed under " + call);
            }
            return result;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
