package io.edgeship.block.loki;

import java.util.List;

/// Texts that entries of a chunk name by number.
///
/// @param packed as the file has them, compressed, without their count
/// @param bytes  of all texts together
record LokiSymbols(List<String> texts, byte[] packed, long bytes) {
    static final LokiSymbols NONE = new LokiSymbols(List.of(), new byte[0], 0);

    LokiSymbols {
        texts = List.copyOf(texts);
    }
}
