package io.edgeship.compact;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.compact.lock.StreamLocks;
import io.edgeship.compact.logs.LogsConfig;
import io.edgeship.compact.logs.LogsIntake;
import io.edgeship.compact.logs.LogsResult;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.http.Metrics;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The role `logs` with its bucket, or nothing where there is none.
final class LogsRole implements Supplier<LogsResult>, AutoCloseable {
    private final @Nullable Bucket bucket;
    private final Supplier<LogsResult> work;

    private LogsRole(@Nullable Bucket bucket, Supplier<LogsResult> work) {
        this.bucket = bucket;
        this.work = work;
    }

    static LogsRole open(CompactorConfig config, Metrics metrics) throws BucketException, ConfigException {
        LogsConfig logs = config.logs();
        if (logs == null || !config.upkeep().roles().has(Role.LOGS)) {
            return new LogsRole(null, () -> LogsResult.NOTHING);
        }
        Bucket bucket = Buckets.open(logs.objstore(), metrics.registry());
        StreamLocks locks = new StreamLocks(bucket, Cycle.holder());
        return new LogsRole(bucket, new LogsIntake(bucket, logs, config.logsIntake(), locks)::run);
    }

    /// Finds out whether the store has what locks want.
    void probe() {
        if (bucket != null) {
            StoreProbe.run(bucket);
        }
    }

    @Override
    public LogsResult get() {
        return work.get();
    }

    /// For `--once`; nothing where all is as it should be and nothing was done.
    static String summary(LogsResult result) {
        String problem = result.problem()
                        .map("no logs are taken in: %s%n"::formatted)
                        .orElse("")
                + result.busy().map("logs are taken in by %s%n"::formatted).orElse("");
        return result.indexes() == 0
                ? problem
                : problem + "%d chunks of logs in %d indexes%n".formatted(result.chunks(), result.indexes());
    }

    @Override
    public void close() {
        if (bucket != null) {
            bucket.close();
        }
    }
}
