package io.edgeship.compact;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.config.Buckets;
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
        if (logs == null) {
            return new LogsRole(null, () -> LogsResult.NOTHING);
        }
        Bucket bucket = Buckets.open(logs.objstore(), metrics.registry());
        return new LogsRole(bucket, new LogsIntake(bucket, logs, config.logsIntake())::run);
    }

    @Override
    public LogsResult get() {
        return work.get();
    }

    /// For `--once`; nothing where all is as it should be and nothing was done.
    static String summary(LogsResult result) {
        String problem =
                result.problem().map("no logs are taken in: %s%n"::formatted).orElse("");
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
