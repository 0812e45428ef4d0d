package io.edgeship.ship;

import java.io.IOException;

/// What the ship loop asks the link's owner.
public interface LinkUse {
    /// A link without a budget.
    LinkUse FREE = new LinkUse() {
        @Override
        public boolean onlyFreshest() {
            return false;
        }

        @Override
        public String whyClosed() {
            return "";
        }

        @Override
        public <T> T beyondBudget(Action<T> action) throws IOException {
            return action.run();
        }
    };

    /// What is sent.
    interface Action<T> {
        T run() throws IOException;
    }

    /// Whether the budget is used up, and the newest block of each source may go all the same.
    boolean onlyFreshest();

    /// Why the others wait; empty if they do not.
    String whyClosed();

    /// Runs `action` so that a budget that is used up does not hold its requests back.
    <T> T beyondBudget(Action<T> action) throws IOException;
}
