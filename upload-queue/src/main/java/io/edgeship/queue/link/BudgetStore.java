package io.edgeship.queue.link;

import java.io.IOException;
import java.util.Optional;

/// Where the count of a budget survives the process: a small file, replaced whole.
public interface BudgetStore {
    /// What was saved last, or empty if nothing ever was.
    Optional<byte[]> load() throws IOException;

    /// Durable when it returns.
    void save(byte[] content) throws IOException;
}
