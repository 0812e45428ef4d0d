package io.edgeship.demo;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.ByteSource;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ObjectInfo;
import java.io.IOException;
import java.io.InputStream;

/// Reads blocks where they lie in a bucket, by ranges.
public final class BucketReader {
    private BucketReader() {}

    public static BlockFiles files(Bucket bucket, BlockId id) {
        return relativePath -> {
            String key = BucketLayout.key(id, relativePath);
            ObjectInfo object =
                    bucket.head(key).orElseThrow(() -> new BucketException.NotFound("no object " + key, null));
            return new ObjectSource(bucket, object);
        };
    }

    private record ObjectSource(Bucket bucket, ObjectInfo object) implements ByteSource {
        @Override
        public String name() {
            return object.key();
        }

        @Override
        public long size() {
            return object.sizeBytes();
        }

        @Override
        public void read(long offset, byte[] target, int at, int length) throws IOException {
            try (InputStream in = bucket.get(object.key(), offset, length)) {
                int read = in.readNBytes(target, at, length);
                if (read < length) {
                    throw new IOException("%s ends at %d".formatted(object.key(), offset + read));
                }
            }
        }

        @Override
        public void close() {}
    }
}
