package io.edgeship.agent.check;

import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.journal.DurableFiles;
import io.edgeship.queue.link.BudgetStore;
import io.edgeship.queue.link.LinkGovernor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The count of the link's budget in a spool that is not opened. A running agent has the count in memory and would
/// write over ours, so beside one it is read and not kept.
record BudgetBeside(Path spool, boolean agentRuns) implements BudgetStore {
    @Override
    public Optional<byte[]> load() throws IOException {
        Path file = spool.resolve(LinkGovernor.BUDGET_FILE);
        return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
    }

    @Override
    public void save(byte[] content) throws IOException {
        if (keeps()) {
            new DurableFiles(Disk.system()).replace(spool, LinkGovernor.BUDGET_FILE, content);
        }
    }

    private boolean keeps() {
        return !agentRuns && Files.isDirectory(spool);
    }

    /// For people.
    String words() {
        if (agentRuns) {
            return "not counted in the budget: an agent runs, which keeps the count";
        }
        return keeps() ? "counted in the budget" : "not counted in a budget: there is no spool yet";
    }
}
