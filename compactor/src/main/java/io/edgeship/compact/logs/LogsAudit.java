package io.edgeship.compact.logs;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.loki.LokiChunkKey;
import io.edgeship.block.loki.LokiChunkName;
import io.edgeship.block.loki.LokiIndex;
import io.edgeship.block.loki.LokiIndexSeries;
import io.edgeship.block.loki.LokiIndexSeries.ChunkRef;
import io.edgeship.bucket.Bucket;
import io.edgeship.compact.logs.TenantBucket.Table;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/// Compares the indexes in the bucket with the chunks there, tenant by tenant. Reads only. Holds 16 bytes a chunk of
/// one tenant, and one index.
final class LogsAudit {
    private static final long DAYS_MAX = 366;
    private static final String TENANT_LABEL = "__loki_tenant__";

    private final TenantBucket tenants;
    private final OptionalLong onlyDay;
    private final Watcher watcher;
    private long looked;

    /// @param onlyDay of 1970, UTC, that is looked at; empty for all
    LogsAudit(Bucket bucket, CentralLoki loki, OptionalLong onlyDay, Watcher watcher) {
        tenants = new TenantBucket(bucket, loki);
        this.onlyDay = onlyDay;
        this.watcher = watcher;
    }

    /// Is told how far it is.
    @FunctionalInterface
    interface Watcher {
        /// @param looked objects so far, chunks twice
        void at(String tenant, long looked);
    }

    /// Is told what does not fit.
    interface Findings {
        /// Loki answers with fewer lines.
        void withoutChunk(String index, LokiChunkKey chunk) throws IOException;

        /// Loki answers with errors.
        void damaged(String index, String why) throws IOException;

        /// Nobody finds its lines of that day.
        ///
        /// @param bytes of the chunk
        void withoutIndex(LokiChunkKey chunk, long bytes, long day, Instant storedAt) throws IOException;
    }

    /// Every tenant there is.
    ///
    /// @return how many chunks there are
    long run(Findings findings) throws IOException {
        long chunks = 0;
        for (String tenant : tenants.tenants()) {
            chunks += run(tenant, findings);
        }
        return chunks;
    }

    /// @return how many chunks there are
    long run(String tenant, Findings findings) throws IOException {
        KeyHashes stored = new KeyHashes();
        tenants.chunks(tenant, (key, _) -> {
            step(tenant);
            stored.add(key.toString());
        });
        KeyHashes indexed = new KeyHashes();
        for (Table table : tenants.tables()) {
            if (isWanted(table.day())) {
                table(table, tenant, stored, indexed, findings);
            }
        }
        long[] chunks = {0};
        tenants.chunks(tenant, (key, object) -> {
            step(tenant);
            chunks[0]++;
            long first = day(key.name().fromMillis());
            long last = Math.min(day(key.name().throughMillis()), first + DAYS_MAX); // of more no index is made
            for (long day = first; day <= last; day++) {
                if (isWanted(day) && !indexed.contains(onDay(key, day))) {
                    findings.withoutIndex(key, object.sizeBytes(), day, object.lastModified());
                }
            }
        });
        return chunks[0];
    }

    private void step(String tenant) {
        watcher.at(tenant, ++looked);
    }

    private boolean isWanted(long day) {
        return onlyDay.isEmpty() || onlyDay.getAsLong() == day;
    }

    private void table(Table table, String tenant, KeyHashes stored, KeyHashes indexed, Findings findings)
            throws IOException {
        for (String key : tenants.indexes(table, tenant)) {
            step(tenant);
            LokiIndex index;
            try {
                index = tenants.index(key);
            } catch (CorruptFormatException e) {
                findings.damaged(key, String.valueOf(e.getMessage()));
                continue;
            }
            boolean ofOneTenant = key.startsWith(table.prefix() + tenant + "/");
            for (LokiIndexSeries series : index == null ? List.<LokiIndexSeries>of() : index.series()) {
                if (ofOneTenant || tenant.equals(series.labels().get(TENANT_LABEL))) {
                    for (ChunkRef ref : series.chunks()) {
                        LokiChunkKey chunk = key(tenant, series.fingerprint(), ref);
                        indexed.add(onDay(chunk, table.day()));
                        if (!stored.contains(chunk.toString())) {
                            findings.withoutChunk(key, chunk);
                        }
                    }
                }
            }
        }
    }

    private static LokiChunkKey key(String tenant, long fingerprint, ChunkRef ref) {
        LokiChunkName name = new LokiChunkName(ref.fromMillis(), ref.throughMillis(), ref.crc32c());
        return new LokiChunkKey(tenant, fingerprint, name);
    }

    private static String onDay(LokiChunkKey key, long day) {
        return key + "@" + day;
    }

    private static long day(long millis) {
        return Math.floorDiv(millis, TimeUnit.DAYS.toMillis(1));
    }
}
