package io.edgeship.agent.check;

import io.edgeship.bucket.StoreClock;
import io.edgeship.ship.SourceConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Looks at everything, one after the other. Beside a running agent it looks at the spool and never locks it.
public final class Checkup {
    private final Setup setup;
    private final StoreClock clock;
    private final Consumer<Finding> told;
    private final List<Finding> findings = new ArrayList<>();

    private Checkup(Setup setup, StoreClock clock, Consumer<Finding> told) {
        this.setup = setup;
        this.clock = clock;
        this.told = told;
    }

    /// @param clock this machine's, until the store has told the time
    /// @param told  each finding as soon as it is there
    public static Report run(Setup setup, StoreClock clock, Consumer<Finding> told) {
        Checkup checkup = new Checkup(setup, clock, told);
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
        LabelsCheck.judge(labels, setup.siteLabel(), setup.site()).forEach(this::tell);
        HttpCheck.Holder holder = HttpCheck.holder(setup.http());
        tell(HttpCheck.judge(holder, setup.http().listen()));
        LinkConfigCheck.judge(setup.link(), setup.site(), bytesPerDay, clock.bestTime())
                .forEach(this::tell);
        if (!setup.network()) {
            BucketChecks.skipped("--no-network").forEach(this::tell);
            return;
        }
        new BucketChecks(setup, clock, bytesPerDay, holder.isAgent()).run().forEach(this::tell);
    }

    private void tell(Finding finding) {
        findings.add(finding);
        told.accept(finding);
    }
}
