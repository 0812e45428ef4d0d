package io.edgeship.bucket.file;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class FileBucketContractTest extends BucketContract {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    @SuppressWarnings("NullAway.Init") // opened before each test
    private Bucket bucket;

    @BeforeEach
    void open() throws IOException {
        bucket = FileBucket.open(dir, "some/prefix");
    }

    @Override
    protected Bucket bucket() {
        return bucket;
    }

    @Override
    protected Set<Lack> lacks() {
        return EnumSet.of(Lack.NESTED_KEYS);
    }
}
