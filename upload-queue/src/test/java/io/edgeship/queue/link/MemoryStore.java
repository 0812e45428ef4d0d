package io.edgeship.queue.link;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a disk holds that may be full.
final class MemoryStore implements BudgetStore {
    private byte @Nullable [] content;
    private int saves;
    private boolean full;

    @Override
    public Optional<byte[]> load() {
        return Optional.ofNullable(content);
    }

    @Override
    public void save(byte[] content) throws IOException {
        if (full) {
            throw new IOException("no space left");
        }
        this.content = content.clone();
        saves++;
    }

    void put(String content) {
        this.content = content.getBytes(StandardCharsets.UTF_8);
    }

    String text() {
        return content == null ? "" : new String(content, StandardCharsets.UTF_8);
    }

    int saves() {
        return saves;
    }

    void full(boolean full) {
        this.full = full;
    }
}
