package io.edgeship.compact.bucket;

import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.compact.plan.PlanRules;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.UsageException;
import io.edgeship.runtime.config.ConfigException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What the commands need of `compactor.yaml`.
///
/// @param cacheDir     where every meta.json is remembered, or null
/// @param partialDelay how long nothing must have been added to an upload before it is abandoned
/// @param deleteDelay  from a deletion mark to the deletion
/// @param selected     blocks that this compactor may touch
/// @param planRules    by which it compacts
public record BucketAccess(
        ObjstoreConfig objstore,
        @Nullable Path cacheDir,
        Duration partialDelay,
        Duration deleteDelay,
        Predicate<BucketBlock> selected,
        PlanRules planRules) {
    /// Reads the file that `--config` names.
    @FunctionalInterface
    public interface Source {
        BucketAccess read(Arguments arguments) throws ConfigException, UsageException;
    }
}
