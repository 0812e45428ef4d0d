package io.edgeship.compact.merge;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.ByteSource;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.tombstones.Tombstones;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.compact.plan.MergeMemory;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.MadeHere;
import io.edgeship.runtime.concurrent.Tasks;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The blocks that are merged, open. They are opened side by side, for each takes several requests.
final class Sources implements Closeable {
    private static final int OPENING_MAX = 8;

    private final Bucket bucket;
    private final SourceFiles.Reading reading;
    private final List<Open> open = new ArrayList<>();
    private final AtomicReference<@Nullable IOException> failed = new AtomicReference<>(); // the first of them

    /// @param meta as it lies in the bucket, with all keys
    record Open(BlockMeta meta, BlockReader reader, Tombstones tombstones) {}

    private Sources(Bucket bucket, SourceFiles.Reading reading) {
        this.bucket = bucket;
        this.reading = reading;
    }

    /// Is told after each block, by the thread that opens them.
    @FunctionalInterface
    interface Watcher {
        /// @throws IOException to end the opening
        void opened() throws IOException;
    }

    /// @throws PoisonedBlockException if one is damaged
    /// @throws StalePlanException     if one is gone
    static Sources open(Bucket bucket, List<BucketBlock> blocks, ReadAhead readAhead, Traffic traffic, Watcher watcher)
            throws IOException {
        long share = MergeMemory.sourceBytes(blocks.size());
        Sources sources = new Sources(bucket, new SourceFiles.Reading(readAhead, traffic, share, blocks.size()));
        try {
            sources.openAll(blocks, watcher);
            return sources;
        } catch (IOException | RuntimeException e) {
            try {
                sources.close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    /// In the order of the plan.
    List<Open> list() {
        return open;
    }

    private void openAll(List<BucketBlock> blocks, Watcher watcher) throws IOException {
        List<Callable<Open>> opening = new ArrayList<>();
        for (BucketBlock block : blocks) {
            int place = opening.size();
            opening.add(() -> openOne(block.meta(), place));
        }
        int threads = Math.min(OPENING_MAX, blocks.size());
        try (ExecutorService pool =
                Executors.newFixedThreadPool(threads, Thread.ofVirtual().factory())) {
            try {
                for (Future<Open> one : opening.stream().map(pool::submit).toList()) {
                    await(one, watcher);
                }
            } catch (InterruptedException e) {
                pool.shutdownNow();
                throw e;
            }
            IOException failure = failed.get();
            if (failure != null) {
                throw failure;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted while opening blocks").initCause(e);
        }
    }

    /// Once one has failed, those that come later do as well, at once.
    private void await(Future<Open> one, Watcher watcher) throws InterruptedException {
        try {
            open.add(one.get());
            watcher.opened();
        } catch (ExecutionException e) {
            failed.compareAndSet(null, Tasks.failure(e));
        } catch (IOException e) {
            failed.compareAndSet(null, e);
        }
    }

    private Open openOne(BlockMeta planned, int place) throws IOException {
        if (failed.get() != null) {
            throw new IOException("not opened, for another was not");
        }
        try {
            BlockMeta meta = isAllKnown(planned) ? planned : meta(planned);
            SourceFiles files = new SourceFiles(bucket, meta, reading, place);
            files.begin();
            Tombstones tombstones = tombstones(meta, files);
            return new Open(meta, BlockReader.open(files), tombstones);
        } catch (IOException e) {
            IOException fate = fate(planned.id(), e);
            failed.compareAndSet(null, fate);
            throw fate;
        }
    }

    /// Whether what the plan knows of a block is all that is needed of it: a block that is downsampled alone hands its
    /// whole lineage on, and extensions are carried along. That a block is gone shows when its files are read.
    private boolean isAllKnown(BlockMeta planned) {
        return reading.sources() > 1 && !MadeHere.hasExtensions(planned);
    }

    /// As it lies in the bucket now.
    private BlockMeta meta(BlockMeta planned) throws IOException {
        String key = BucketLayout.metaKey(planned.id());
        BlockMeta meta = MetaFile.read(bucket, key)
                .orElseThrow(() -> new StalePlanException(planned.id() + " was deleted since it was planned"));
        boolean isSame = meta.id().equals(planned.id())
                && meta.range().equals(planned.range())
                && meta.compaction().sources().equals(planned.compaction().sources());
        if (!isSame) {
            throw new StalePlanException(key + " is not the one that was planned");
        }
        return meta;
    }

    /// What was deleted from the block and not yet left out of it. Shippers take no such file along, so it is looked
    /// for only where a block says that it has some.
    private static Tombstones tombstones(BlockMeta meta, SourceFiles files) throws IOException {
        boolean isListed = meta.thanos() != null
                && meta.thanos().files().stream()
                        .anyMatch(file -> file.relativePath().equals(Tombstones.FILE_NAME));
        if (!isListed && meta.stats().numTombstones() == 0) {
            return Tombstones.none();
        }
        try (ByteSource file = files.open(Tombstones.FILE_NAME)) {
            return Tombstones.read(file);
        } catch (BucketException.NotFound e) {
            return Tombstones.none();
        }
    }

    /// What a failure to read a source means.
    IOException fate(BlockId source, IOException e) throws IOException {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof BucketException.NotFound missing) {
                boolean isGone = bucket.head(BucketLayout.metaKey(source)).isEmpty();
                return isGone
                        ? new StalePlanException(source + " was deleted while it was read")
                        : new PoisonedBlockException(source, String.valueOf(missing.getMessage()), e);
            }
            if (cause instanceof BucketException || cause instanceof StalePlanException) {
                return (IOException) cause;
            }
            if (cause instanceof CorruptFormatException
                    || cause instanceof CorruptChunkException
                    || cause instanceof UnsupportedVersionException) {
                return new PoisonedBlockException(source, String.valueOf(cause.getMessage()), e);
            }
        }
        return e;
    }

    @Override
    public void close() throws IOException {
        release();
    }

    /// Gives files and memory back; nothing is read afterwards.
    void release() throws IOException {
        IOException failure = null;
        for (Open one : open) {
            try {
                one.reader().close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
