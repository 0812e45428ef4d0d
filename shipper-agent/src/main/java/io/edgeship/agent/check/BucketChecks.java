package io.edgeship.agent.check;

import io.edgeship.block.BlockId;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.CapabilityProbe;
import io.edgeship.bucket.StoreClock;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.queue.ShippedRecord;
import io.edgeship.queue.Spool;
import io.edgeship.queue.link.LinkGovernor;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.http.Metrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// All that is asked of the bucket, over the link as it is configured: through windows, at its rate, on its budget.
final class BucketChecks {
    /// Where there is no spool yet.
    static final String NO_INCARNATION = "check";

    private static final Set<Check> ALL = EnumSet.range(Check.TLS, Check.THROUGHPUT);

    private final Setup setup;
    private final StoreClock clock;
    private final long bytesPerDay;
    private final BudgetBeside budget;

    BucketChecks(Setup setup, StoreClock clock, long bytesPerDay, boolean agentRuns) {
        this.setup = setup;
        this.clock = clock;
        this.bytesPerDay = bytesPerDay;
        budget = new BudgetBeside(setup.sources().getFirst().spool(), agentRuns);
    }

    /// @param incarnation of the first source's spool
    /// @param shipped     the block that was confirmed last
    private record Known(String incarnation, Optional<BlockId> shipped) {
        static Known of(Path dir) {
            if (!Files.isDirectory(dir)) {
                return new Known(NO_INCARNATION, Optional.empty());
            }
            try (Spool spool = Spool.look(dir)) {
                return new Known(
                        spool.incarnation(),
                        spool.shippedRecords().stream()
                                .filter(record -> record.sizeBytes() > 0) // not what a sidecar shipped
                                .max(Comparator.comparing(ShippedRecord::shippedAt))
                                .map(ShippedRecord::id));
            } catch (IOException e) {
                return new Known(NO_INCARNATION, Optional.empty());
            }
        }
    }

    /// As if nobody wanted to know.
    static List<Finding> skipped(String why) {
        return ALL.stream().map(check -> Finding.skip(check, why)).toList();
    }

    List<Finding> run() {
        try (LinkGovernor governor = new LinkGovernor(setup.link(), setup.site(), clock::now, budget);
                Bucket bucket = Buckets.open(setup.objstore(), new Metrics().registry(), governor, clock)) {
            return run(bucket, governor);
        } catch (IOException | ConfigException e) {
            return List.of(Finding.fail(
                    Check.S3_PUT,
                    "the bucket cannot be opened: " + e.getMessage(),
                    "mend objstore in the configuration"));
        }
    }

    private List<Finding> run(Bucket bucket, LinkGovernor governor) {
        Known known = Known.of(setup.sources().getFirst().spool());
        PermissionCheck permissions = new PermissionCheck(bucket, setup.site(), known.incarnation(), known.shipped());
        List<Finding> findings = new ArrayList<>();
        boolean files = setup.objstore() instanceof ObjstoreConfig.Filesystem;
        List<Finding> permitted = files ? permissions.putOnly() : permissions.run(setup.inbox());
        boolean puts = permitted.getFirst().verdict() == Finding.Verdict.PASS;
        findings.add(tls(governor));
        findings.addAll(permitted);
        if (puts) {
            String prefix = BucketLayout.SITES + setup.site() + "/" + known.incarnation();
            findings.add(StoreChecks.capabilities(CapabilityProbe.probe(bucket, prefix)));
            findings.add(clock(bucket, files));
            findings.add(
                    files
                            ? Finding.skip(Check.THROUGHPUT, "a directory has no link")
                            : StoreChecks.measure(bucket, permissions.probeKey(), bytesPerDay, budget.words()));
            Probe.of(() -> bucket.delete(permissions.probeKey())); // where that is allowed nothing is left
        } else {
            findings.add(Finding.skip(Check.STORE, "nothing could be put"));
            findings.add(clock(bucket, files));
            findings.add(Finding.skip(Check.THROUGHPUT, "nothing could be put"));
        }
        return findings;
    }

    private static Finding clock(Bucket bucket, boolean files) {
        return files
                ? Finding.skip(Check.CLOCK, "a directory goes by this machine's clock")
                : StoreChecks.clock(bucket.clock().skew());
    }

    /// After requests: then it is known what day it is.
    private Finding tls(LinkGovernor governor) {
        return switch (setup.objstore()) {
            case ObjstoreConfig.Filesystem _ -> Finding.skip(Check.TLS, "a directory has no link");
            case ObjstoreConfig.S3 s3 ->
                governor.isOpen()
                        ? TlsCheck.look(s3.settings(), clock)
                        : Finding.skip(
                                Check.TLS,
                                "the link is closed: " + governor.status().reason());
        };
    }
}
