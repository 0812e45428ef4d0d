package io.edgeship.block.histogram;

/// A run of buckets that follow each other.
///
/// @param offset of the first span, its first bucket's index; of others, how many buckets are left out before it
/// @param length how many buckets
public record Span(int offset, int length) {}
