package io.edgeship.agent;

import io.edgeship.queue.Spool;
import io.edgeship.queue.link.BudgetCopies;
import io.edgeship.queue.link.BudgetStore;
import io.edgeship.queue.link.LinkConfig;
import io.edgeship.queue.link.LinkGovernor;
import io.edgeship.ship.LinkUse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// The agent's link: its governor, whose count of the budget lies in every source's spool. Thread-safe.
public record AgentLink(LinkConfig config, LinkGovernor governor) implements LinkUse {
    /// Keeps the count where the agent has a place of its own.
    public record CountInSpool(Spool spool) implements BudgetStore {
        @Override
        public Optional<byte[]> load() throws IOException {
            return spool.kept(LinkGovernor.BUDGET_FILE);
        }

        @Override
        public void save(byte[] content) throws IOException {
            spool.keep(LinkGovernor.BUDGET_FILE, content);
        }
    }

    /// A source that cannot be opened takes no count away with it.
    static BudgetStore countIn(List<Spool> spools) {
        return new BudgetCopies(
                spools.stream().<BudgetStore>map(CountInSpool::new).toList());
    }

    @Override
    public boolean onlyFreshest() {
        return config.budget().onExhausted() == LinkConfig.OnExhausted.FRESHEST_ONLY
                && governor.status().exhausted();
    }

    @Override
    public String whyClosed() {
        return governor.status().reason();
    }

    @Override
    public <T> T beyondBudget(Action<T> action) throws IOException {
        try {
            return governor.beyondBudget(action::run);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("an action fails with IOException only", e);
        }
    }
}
