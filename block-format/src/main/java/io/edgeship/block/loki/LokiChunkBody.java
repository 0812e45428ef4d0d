package io.edgeship.block.loki;

import java.util.List;

/// The tables of a chunk's body.
///
/// @param symbols names and values of structured metadata; none before version 4
record LokiChunkBody(int version, LokiCodec codec, LokiSymbols symbols, List<LokiBlockMeta> blocks) {
    static final int MAGIC = 0x012E_E56A;
    static final int NEWEST_VERSION = 4;
    static final int FIRST_WITH_CODEC = 2;
    static final int FIRST_WITH_SIZES = 3;
    static final int FIRST_WITH_METADATA = 4;

    LokiChunkBody {
        blocks = List.copyOf(blocks);
    }

    boolean holdsMetadata() {
        return version >= FIRST_WITH_METADATA;
    }
}
