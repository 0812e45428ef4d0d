package io.edgeship.queue.link;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// One count in several places, of which some may not have been there for a while: none of them alone can forget what
/// went. The copy that is furthest on counts. Thread-safe if the places are.
public record BudgetCopies(List<BudgetStore> places) implements BudgetStore {
    private static final Comparator<BudgetState> FURTHEST = Comparator.comparing(
                    (BudgetState state) -> String.valueOf(state.month() == null ? "" : state.month()))
            .thenComparing(state -> String.valueOf(state.day() == null ? "" : state.day()))
            .thenComparingLong(BudgetState::monthBytes)
            .thenComparingLong(BudgetState::dayBytes);

    public BudgetCopies {
        places = List.copyOf(places);
    }

    /// A copy that is damaged counts only where no other can be read.
    @Override
    public Optional<byte[]> load() throws IOException {
        Optional<byte[]> furthest = Optional.empty();
        Optional<byte[]> damaged = Optional.empty();
        for (BudgetStore place : places) {
            Optional<byte[]> copy = place.load();
            if (copy.isEmpty()) {
                continue;
            }
            if (!BudgetState.read(copy.get()).problem().isEmpty()) {
                damaged = copy;
            } else if (furthest.isEmpty() || FURTHEST.compare(stateOf(copy), stateOf(furthest)) > 0) {
                furthest = copy;
            }
        }
        return furthest.isPresent() ? furthest : damaged;
    }

    private static BudgetState stateOf(Optional<byte[]> copy) {
        return BudgetState.read(copy.orElseThrow()).state();
    }

    @Override
    public void save(byte[] content) throws IOException {
        for (BudgetStore place : places) {
            place.save(content);
        }
    }
}
