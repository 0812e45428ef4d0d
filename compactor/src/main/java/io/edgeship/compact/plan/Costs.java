package io.edgeship.compact.plan;

import io.edgeship.block.thanos.BlockFile;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.compact.plan.CompactionPlan.Cost;
import io.edgeship.fleet.BucketBlock;
import java.util.List;

/// Estimates what a plan takes. Sizes are those of the metas, so that no request is needed.
final class Costs {
    /// Windows over index and chunks of one source, and what the store's client keeps for them.
    private static final long SOURCE_BUFFER_BYTES = 512 << 10;

    /// Parts under way of one output, its chunks and its index.
    private static final long OUTPUT_BUFFER_BYTES = 24L << 20;

    /// Of an index: its symbols and the numbers that stand for them in the merged table.
    private static final double SYMBOLS_SHARE = 0.4;

    /// Postings and place of one series while an index is written.
    private static final long SERIES_BYTES = 128;

    /// Where nothing says how large an index is.
    private static final long INDEX_BYTES_A_SERIES = 512;

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

    static Cost of(long resolutionMillis, List<BucketBlock> sources, List<Long> resolutions) {
        long read = 0;
        long index = 0;
        long series = 0;
        long requests = 0;
        for (BucketBlock source : sources) {
            read = Sieve.plus(read, source.sizeBytes());
            index = Sieve.plus(index, indexBytes(source));
            series = Sieve.plus(series, source.meta().stats().numSeries());
            requests += REQUESTS_A_SOURCE + source.sizeBytes() / READ_BYTES;
        }
        long write = 0;
        for (long resolution : resolutions) {
            long bytes = (long) ((double) read * share(resolutionMillis, resolution));
            write = Sieve.plus(write, bytes);
            requests += REQUESTS_AN_OUTPUT + bytes / PART_BYTES;
        }
        double memory = (double) sources.size() * SOURCE_BUFFER_BYTES
                + (double) index * SYMBOLS_SHARE
                + resolutions.size() * (OUTPUT_BUFFER_BYTES + (double) series * SERIES_BYTES);
        return new Cost(read, write, requests, (long) memory);
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
