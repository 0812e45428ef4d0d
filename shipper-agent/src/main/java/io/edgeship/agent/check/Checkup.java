package io.edgeship.agent.check;

import io.edgeship.bucket.StoreClock;
import io.edgeship.ship.SourceConfig;
import io.edgeship.ship.loki.LokiConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Looks at everything, one after the other. Beside a running agent it looks at the spool and never locks it.
public final class Checkup {
    private static final String NO_NETWORK = "--no-network";

    private final Setup setup;
    private final Optional<LogsSetup> logs;
    private final StoreClock clock;
    private final Consumer<Finding> told;
    private final List<Finding> findings = new ArrayList<>();

    private Checkup(Setup setup, Optional<LogsSetup> logs, StoreClock clock, Consumer<Finding> told) {
        this.setup = setup;
        this.logs = logs;
        this.clock = clock;
        this.told = told;
    }

    /// @param clock this machine's, until the store has told the time
    /// @param told  each finding as soon as it is there
    public static Report run(Setup setup, StoreClock clock, Consumer<Finding> told) {
        return run(setup, Optional.empty(), clock, told);
    }

    /// As above, of a site that ships logs too.
    public static Report run(Setup setup, Optional<LogsSetup> logs, StoreClock clock, Consumer<Finding> told) {
        Checkup checkup = new Checkup(setup, logs, clock, told);
        checkup.run();
        return new Report(checkup.findings);
    }

    private void run() {
        long bytesPerDay = 0;
        List<LabelsCheck.Facts> labels = new ArrayList<>();
        for (SourceConfig source : setup.sources()) {
            SourceChecks checks = SourceChecks.of(source, setup, clock::bestTime);
            checks.findings().forEach(this::tell);
            bytesPerDay += checks.blocks().bytesPerDay();
            labels.add(LabelsCheck.Facts.of(source, checks.prometheus()));
        }
        for (LokiConfig source : logs.map(LogsSetup::sources).orElse(List.of())) {
            LokiChecks checks = LokiChecks.of(source, setup);
            checks.findings().forEach(this::tell);
            bytesPerDay += checks.bytesPerDay();
        }
        LabelsCheck.judge(labels, setup.siteLabel(), setup.site()).forEach(this::tell);
        HttpCheck.Holder holder = HttpCheck.holder(setup.http());
        tell(HttpCheck.judge(holder, setup.http().listen()));
        LinkConfigCheck.judge(setup.link(), setup.site(), bytesPerDay, clock.bestTime())
                .forEach(this::tell);
        buckets(bytesPerDay, holder.isAgent());
    }

    private void buckets(long bytesPerDay, boolean agentRuns) {
        if (!setup.sources().isEmpty()) {
            List<Finding> ofBlocks = setup.network()
                    ? new BucketChecks(setup, clock, bytesPerDay, agentRuns).run()
                    : BucketChecks.skipped(NO_NETWORK);
            ofBlocks.forEach(this::tell);
        }
        if (logs.isPresent()) {
            List<Finding> ofLogs = setup.network()
                    ? new LogsBucketChecks(setup, logs.get(), clock, agentRuns).run()
                    : LogsBucketChecks.skipped(NO_NETWORK);
            ofLogs.forEach(this::tell);
        }
    }

    private void tell(Finding finding) {
        findings.add(finding);
        told.accept(finding);
    }
}
