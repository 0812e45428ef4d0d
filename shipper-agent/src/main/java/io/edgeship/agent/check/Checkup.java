package io.edgeship.agent.check;

import io.edgeship.ship.SourceConfig;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Looks at everything, one after the other. Beside a running agent it looks at the spool and never locks it.
public final class Checkup {
    private final Setup setup;
    private final InstantSource time;
    private final Consumer<Finding> told;
    private final List<Finding> findings = new ArrayList<>();

    private Checkup(Setup setup, InstantSource time, Consumer<Finding> told) {
        this.setup = setup;
        this.time = time;
        this.told = told;
    }

    /// @param time of this machine
    /// @param told each finding as soon as it is there
    public static Report run(Setup setup, InstantSource time, Consumer<Finding> told) {
        Checkup checkup = new Checkup(setup, time, told);
        checkup.run();
        return new Report(checkup.findings);
    }

    private void run() {
        long bytesPerDay = 0;
        List<LabelsCheck.Facts> labels = new ArrayList<>();
        for (SourceConfig source : setup.sources()) {
            SourceChecks checks = SourceChecks.of(source, setup.offlineDays(), time);
            checks.findings().forEach(this::tell);
            bytesPerDay += checks.blocks().bytesPerDay();
            labels.add(LabelsCheck.Facts.of(source, checks.prometheus()));
        }
        LabelsCheck.judge(labels, setup.siteLabel(), setup.site()).forEach(this::tell);
        HttpCheck.Holder holder = HttpCheck.holder(setup.listen());
        tell(HttpCheck.judge(holder, setup.listen()));
        LinkConfigCheck.judge(setup.link(), setup.site(), bytesPerDay, time.instant())
                .forEach(this::tell);
        if (!setup.network()) {
            BucketChecks.skipped("--no-network").forEach(this::tell);
            return;
        }
        boolean agentRuns = holder == HttpCheck.Holder.AGENT || holder == HttpCheck.Holder.LOCKED;
        new BucketChecks(setup, time, bytesPerDay, agentRuns).run().forEach(this::tell);
    }

    private void tell(Finding finding) {
        findings.add(finding);
        told.accept(finding);
    }
}
