package io.edgeship.agent.check;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.StoreClock;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.queue.Spool;
import io.edgeship.queue.link.LinkGovernor;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.http.Metrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// All that is asked of the bucket of the logs, over the link as it is configured.
record LogsBucketChecks(Setup setup, LogsSetup logs, StoreClock clock, boolean agentRuns) {
    private static final String SUBJECT = "logs";

    /// As if nobody wanted to know.
    static List<Finding> skipped(String why) {
        return List.of(Finding.skip(Check.S3_PUT, why).of(SUBJECT));
    }

    List<Finding> run() {
        Path spool = logs.sources().getFirst().spool();
        Path first =
                setup.sources().isEmpty() ? spool : setup.sources().getFirst().spool();
        BudgetBeside budget = new BudgetBeside(first, agentRuns); // one count for all that the site sends
        try (LinkGovernor governor = new LinkGovernor(setup.link(), setup.site(), clock::now, budget);
                Bucket bucket = Buckets.open(logs.objstore(), new Metrics().registry(), governor, clock)) {
            PermissionCheck permissions =
                    new PermissionCheck(bucket, setup.site(), incarnation(spool), Optional.empty());
            List<Finding> findings = logs.objstore() instanceof ObjstoreConfig.Filesystem
                    ? permissions.putOnly()
                    : permissions.ofLogs(setup.inbox());
            Probe.of(() -> bucket.delete(permissions.probeKey())); // where that is allowed nothing is left
            return findings.stream().map(finding -> finding.of(SUBJECT)).toList();
        } catch (IOException | ConfigException e) {
            return List.of(Finding.fail(
                            Check.S3_PUT,
                            "the bucket cannot be opened: " + e.getMessage(),
                            "mend logs.objstore in the configuration")
                    .of(SUBJECT));
        }
    }

    private static String incarnation(Path spool) {
        if (Files.isDirectory(spool)) {
            try (Spool there = Spool.look(spool)) {
                return there.incarnation();
            } catch (IOException e) {
                return BucketChecks.NO_INCARNATION;
            }
        }
        return BucketChecks.NO_INCARNATION;
    }
}
