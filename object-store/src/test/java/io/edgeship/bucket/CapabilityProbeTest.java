package io.edgeship.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.bucket.Capabilities.Support;
import io.edgeship.bucket.file.FileBucket;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CapabilityProbeTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    @SuppressWarnings("NullAway.Init")
    private Bucket directory;

    @BeforeEach
    void open() throws IOException {
        directory = FileBucket.open(dir, "");
    }

    @Test
    void askingADirectoryWritesNothing() throws IOException {
        Capabilities found = CapabilityProbe.probe(directory, "edgeship/probe");

        assertThat(found).isEqualTo(new Capabilities(Support.YES, Support.YES, Support.YES));
        assertThat(directory.list("", null, null, 10).objects()).isEmpty();
    }

    @Test
    void aStoreThatHonoursTheConditionIsFoundSoOnEveryStart() throws IOException {
        Forgetful store = new Forgetful(directory, null);

        assertThat(CapabilityProbe.probe(store, "p").conditionalPut()).isEqualTo(Support.YES);
        assertThat(store.capabilities().conditionalPut()).isEqualTo(Support.YES);
        assertThat(CapabilityProbe.probe(new Forgetful(directory, null), "p").conditionalPut())
                .isEqualTo(Support.YES);
    }

    @Test
    void aStoreThatIgnoresTheConditionIsFoundOut() {
        Bucket careless = new Forgetful(directory, null) {
            @Override
            public ObjectInfo putIfAbsent(String key, Body body) throws BucketException {
                return put(key, body);
            }
        };
        assertThat(CapabilityProbe.probe(careless, "p").conditionalPut()).isEqualTo(Support.NO);
    }

    @Test
    void wrongBytesThatAreTakenMeanThatNothingIsChecked() {
        assertThat(CapabilityProbe.probe(new Forgetful(directory, null), "p").checksums())
                .isEqualTo(Support.NO);
    }

    @Test
    void whatMayNotBeTriedStaysUnknown() {
        Bucket denying = new Forgetful(directory, new BucketException.AccessDenied("denied", null));

        assertThat(CapabilityProbe.probe(denying, "p")).isEqualTo(Capabilities.UNKNOWN);
    }

    /// Knows nothing of itself, and answers every call with `failure` if there is one.
    private static class Forgetful extends ForwardingBucket {
        private final @Nullable BucketException failure;
        private Capabilities learned = Capabilities.UNKNOWN;

        Forgetful(Bucket inner, @Nullable BucketException failure) {
            super(inner);
            this.failure = failure;
        }

        @Override
        protected <T> T around(Call call, Work<T> work) throws BucketException {
            if (failure != null) {
                throw failure;
            }
            return work.on(inner());
        }

        @Override
        public Capabilities capabilities() {
            return learned;
        }

        @Override
        public void learn(Capabilities capabilities) {
            learned = capabilities;
        }
    }
}
