package io.edgeship.compact.merge;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// Reads a block's meta.json.
final class MetaFile {
    /// Lists the segments of a block of 5 TiB.
    private static final int BYTES_MAX = 1 << 20;

    private MetaFile() {}

    /// Empty where there is none.
    static Optional<BlockMeta> read(Bucket bucket, String key) throws IOException {
        try (InputStream in = bucket.get(key)) {
            byte[] json = in.readNBytes(BYTES_MAX + 1);
            if (json.length > BYTES_MAX) {
                throw new CorruptFormatException(key, BYTES_MAX, "longer than any meta.json");
            }
            return Optional.of(BlockMeta.parse(key, json));
        } catch (BucketException.NotFound e) {
            return Optional.empty();
        }
    }
}
