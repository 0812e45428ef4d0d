package io.edgeship.block.pack;

import java.util.List;

/// One series of a block that is being packed.
///
/// @param labels symbols of names and values in turn
record SpanSeries(int[] labels, List<PackedChunk> chunks) {}
