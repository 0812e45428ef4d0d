package io.edgeship.compact.merge;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.ByteSink;
import io.edgeship.block.encoding.ByteSource;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.block.tsdb.BlockDifference;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.verify.IndexVerifier;
import io.edgeship.block.verify.Violation;
import io.edgeship.block.write.BlockSink;
import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.Confirmation;
import io.edgeship.bucket.ObjectDigest;
import io.edgeship.fleet.BucketBlock;
import java.io.Closeable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One new block on its way into the bucket: its files first, then compared with what was sent (I10), then its
/// meta.json (I1). Nobody reads it before that, whatever happens. Not thread-safe.
final class OutputBlock implements BlockSink, Closeable {
    private final Bucket bucket;
    private final BlockId id;
    private final Sender sender;
    private final Traffic traffic;
    private final Map<String, UploadSink> files = new LinkedHashMap<>();

    OutputBlock(Bucket bucket, BlockId id, Sender sender, Traffic traffic) {
        this.bucket = bucket;
        this.id = id;
        this.sender = sender;
        this.traffic = traffic;
    }

    @Override
    public ByteSink file(String relativePath) {
        UploadSink sink = new UploadSink(bucket, BucketLayout.key(id, relativePath), sender, traffic);
        if (files.putIfAbsent(relativePath, sink) != null) {
            throw new IllegalStateException(relativePath + " of " + id + " is written already");
        }
        return sink;
    }

    /// Compares what lies in the bucket with what was written. The index is read back whatever the store says of it.
    ///
    /// @param meta of the block, its list of files included
    /// @throws UnverifiedException if anything is not as it was sent, or breaks a rule
    void verify(BlockMeta meta, SourceFiles.Reading reading) throws IOException {
        for (Map.Entry<String, UploadSink> file : files.entrySet()) {
            String key = BucketLayout.key(id, file.getKey());
            ObjectDigest stored = file.getValue().stored();
            Confirmation found = bucket.confirm(key, stored);
            boolean isSame = switch (found) {
                case MATCHES -> true;
                case SIZE_MATCHES -> ReadBack.matches(bucket, key, stored, traffic);
                case DIFFERS, MISSING -> false;
            };
            if (!isSame) {
                throw new UnverifiedException(id, "%s is not what was written just now: %s".formatted(key, found));
            }
        }
        ByteSource index = new SourceFiles(bucket, meta, reading, 0).open(SourceFiles.INDEX);
        List<Violation> violations = IndexVerifier.verify(index, meta);
        if (!violations.isEmpty()) {
            throw new UnverifiedException(id, violations.getFirst().toString());
        }
    }

    /// The commit point: meta.json, where none is yet.
    ///
    /// @throws InTheWayException if somebody else committed another block of this ULID meanwhile
    BucketBlock commit(BlockMeta meta, StillOurs stillOurs) throws IOException {
        if (!stillOurs.now()) {
            throw new LostStreamException("committing " + id);
        }
        byte[] json = meta.toJson();
        String key = BucketLayout.metaKey(id);
        try {
            bucket.putIfAbsent(key, Body.of(json));
        } catch (BucketException.PreconditionFailed e) {
            return committedByOther(meta, key);
        } catch (BucketException.Unsupported e) {
            if (bucket.head(key).isPresent()) {
                return committedByOther(meta, key);
            }
            bucket.put(key, Body.of(json));
        }
        Confirmation found = bucket.confirm(key, Digests.of(json));
        if (found == Confirmation.DIFFERS || found == Confirmation.MISSING) {
            throw new IOException(key + " is not what was written just now: " + found);
        }
        return BucketBlock.committed(meta, sizeBytes() + json.length);
    }

    /// A run whose reply got lost, or another compactor that did the same work: the very same block, but for when it
    /// was committed.
    private BucketBlock committedByOther(BlockMeta meta, String key) throws IOException {
        Optional<BlockMeta> there = MetaFile.read(bucket, key);
        if (there.isEmpty()) {
            throw new StalePlanException(key + " was there a moment ago and is gone");
        }
        Optional<String> difference = BlockDifference.between(meta, there.get());
        if (difference.isPresent()) {
            throw new InTheWayException(id, "another block is there: " + difference.get());
        }
        return BucketBlock.committed(there.get(), sizeBytes());
    }

    private long sizeBytes() {
        return files.values().stream()
                .mapToLong(file -> file.stored().sizeBytes())
                .sum();
    }

    /// The paths that were written.
    Set<String> paths() {
        return files.keySet();
    }

    /// Gives up what is not finished. What is stays, without a meta.json: a run that does the same work writes over
    /// it, and one that did it already may have committed it.
    @Override
    public void close() {
        files.values().forEach(UploadSink::close);
    }
}
