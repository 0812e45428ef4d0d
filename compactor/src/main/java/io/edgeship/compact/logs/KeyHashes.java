package io.edgeship.compact.logs;

import io.edgeship.compact.intake.Digests;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A set of texts, 8 bytes each: first all are added, then any are looked for. Of 16 million texts one that is not in
/// it is taken for one that is once in a million sets. Not thread-safe.
final class KeyHashes {
    /// 256 MiB while it grows.
    static final int SIZE_MAX = 16 << 20;

    private static final int FIRST_SIZE = 1024;

    private long[] hashes = new long[FIRST_SIZE];
    private int size;
    private boolean sorted = true;

    /// @throws IOException if there are more than memory is meant for
    void add(String text) throws IOException {
        if (size == SIZE_MAX) {
            throw new IOException("more than %d chunks of one tenant".formatted(SIZE_MAX));
        }
        if (size == hashes.length) {
            hashes = Arrays.copyOf(hashes, size * 2);
        }
        hashes[size++] = hash(text);
        sorted = false;
    }

    boolean contains(String text) {
        if (!sorted) {
            Arrays.sort(hashes, 0, size);
            sorted = true;
        }
        return Arrays.binarySearch(hashes, 0, size, hash(text)) >= 0;
    }

    private static long hash(String text) {
        return ByteBuffer.wrap(Digests.sha256(text.getBytes(StandardCharsets.UTF_8)))
                .getLong();
    }
}
