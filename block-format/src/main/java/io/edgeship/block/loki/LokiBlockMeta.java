package io.edgeship.block.loki;

/// What a chunk's table says of one of its blocks.
///
/// @param entries           log lines in it
/// @param minNanos          time of the first
/// @param maxNanos          time of the last
/// @param offset            in the chunk's body
/// @param uncompressedBytes lines and 8 bytes a pair of metadata; 0 before version 3, which does not say
/// @param packedBytes       without the checksum behind them
record LokiBlockMeta(int entries, long minNanos, long maxNanos, int offset, int uncompressedBytes, int packedBytes) {}
