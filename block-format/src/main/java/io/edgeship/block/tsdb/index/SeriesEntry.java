package io.edgeship.block.tsdb.index;

import java.util.List;

/// One series of an index.
///
/// @param ref     by which postings and tombstones name it
/// @param offset  of the entry in the file
/// @param symbols references of label names and values in turn; they order as the symbols do
/// @param chunks  in the order of the index
public record SeriesEntry(long ref, long offset, long[] symbols, List<ChunkMeta> chunks) {}
