package io.edgeship.compact.plan;

import io.edgeship.block.merge.BlockMerge;
import io.edgeship.block.thanos.BlockFile;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.compact.plan.CompactionPlan.Cost;
import io.edgeship.fleet.BucketBlock;
import java.util.List;

/// Estimates what a plan takes. Sizes are those of the metas, so that no request is needed.
final class Costs {
    /// Of what each further source has so much is reckoned to be in none before: series come and go. Not known before
    /// the indexes are read.
    private static final double NEW_SHARE = 0.01;

    /// A series has about so much of the chunks where no one has far more than the others; no less than a histogram's.
    private static final long SERIES_CHUNK_BYTES_MIN = 1 << 20;

    /// The samples of a chunk taken apart take so many times its bytes.
    private static final long SAMPLES_OF_CHUNK = 8;

    /// Where nothing says how large an index is.
    private static final long INDEX_BYTES_A_SERIES = 512;

    /// More than any machine has, and less than overflows when it is multiplied.
    private static final long BYTES_MAX = 1L << 50;

    private static final long READ_BYTES = 16L << 20;
    private static final long PART_BYTES = 16L << 20;

    /// meta.json, the ends of index and segment, the mark, and a share of the batch that deletes it.
    private static final long REQUESTS_A_SOURCE = 5;

    /// Begin and end of two uploads, reading back, meta.json.
    private static final long REQUESTS_AN_OUTPUT = 12;

    /// Downsampled samples take about so much of the bytes of the finer ones: five aggregates of ten samples, then
    /// of twelve.
    private static final double FIVE_MINUTES_SHARE = 0.5;

    private static final double ONE_HOUR_SHARE = 0.1;

    private Costs() {}

    /// @param isLocal whether the store is this machine's
    static Cost of(long resolutionMillis, List<BucketBlock> sources, List<Long> resolutions, boolean isLocal) {
        long read = 0;
        long requests = 0;
        for (BucketBlock source : sources) {
            read = Sieve.plus(read, source.sizeBytes());
            requests += REQUESTS_A_SOURCE + source.sizeBytes() / READ_BYTES;
        }
        long write = 0;
        for (long resolution : resolutions) {
            long bytes = (long) ((double) read * share(resolutionMillis, resolution));
            write = Sieve.plus(write, bytes);
            requests += REQUESTS_AN_OUTPUT + bytes / PART_BYTES;
        }
        boolean isDownsampled = resolutions.stream().anyMatch(resolution -> resolution != resolutionMillis);
        long windows = isLocal ? 0 : MergeMemory.windowBytes(sources.size(), read);
        long memory = mergeBytes(sources, resolutions.size(), isDownsampled)
                + windows
                + MergeMemory.partsBytes(resolutions.size(), unionBytes(sources), isLocal);
        return new Cost(read, write, requests, memory, windows);
    }

    private static long mergeBytes(List<BucketBlock> sources, int results, boolean isDownsampled) {
        long seriesBytes = 0;
        for (BucketBlock source : sources) {
            seriesBytes = Sieve.plus(
                    seriesBytes,
                    source.sizeBytes() / Math.max(1, source.meta().stats().numSeries()));
        }
        long chunks = Math.clamp(seriesBytes, SERIES_CHUNK_BYTES_MIN, BYTES_MAX);
        long samples = isDownsampled ? SAMPLES_OF_CHUNK * chunks : 0;
        return BlockMerge.memoryBytesMax(unionBytes(sources), sources.size(), results, chunks, samples);
    }

    /// Of an index of all series together.
    private static long unionBytes(List<BucketBlock> sources) {
        long largest = 0;
        long all = 0;
        for (BucketBlock source : sources) {
            largest = Math.max(largest, indexBytes(source));
            all = Sieve.plus(all, indexBytes(source));
        }
        return Math.min(BYTES_MAX, largest + (long) ((double) (all - largest) * NEW_SHARE));
    }

    private static double share(long from, long to) {
        if (from == to) {
            return 1;
        }
        return from == 0 && to == Sieve.FIVE_MINUTES ? FIVE_MINUTES_SHARE : ONE_HOUR_SHARE;
    }

    /// As its meta.json lists it; a cautious guess where it does not.
    static long indexBytes(BucketBlock block) {
        ThanosMeta thanos = block.meta().thanos();
        long listed = thanos == null
                ? 0
                : thanos.files().stream()
                        .filter(file -> file.relativePath().equals("index"))
                        .mapToLong(BlockFile::sizeBytes)
                        .sum();
        long series = Math.min(block.meta().stats().numSeries(), Long.MAX_VALUE / INDEX_BYTES_A_SERIES);
        return listed > 0 ? listed : Math.min(block.sizeBytes(), series * INDEX_BYTES_A_SERIES);
    }
}
