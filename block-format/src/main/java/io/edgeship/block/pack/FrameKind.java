package io.edgeship.block.pack;

import org.jspecify.annotations.Nullable;

/// What a frame of a pack carries. The payloads of one kind, one after the other, are one stream of bytes.
enum FrameKind {
    HEADER(1),
    /// Label names and values.
    SYMBOLS(2),
    /// Chunks that are carried as they are.
    CHUNKS(3),
    /// What the range coder wrote.
    COLUMNS(4),
    /// Files that are carried as they are.
    FILES(5),
    END(6);

    final int code;

    FrameKind(int code) {
        this.code = code;
    }

    static @Nullable FrameKind of(int code) {
        for (FrameKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        return null;
    }

    /// Whether the payload is zstd's.
    boolean isCompressed() {
        return this == SYMBOLS || this == CHUNKS || this == FILES;
    }
}
