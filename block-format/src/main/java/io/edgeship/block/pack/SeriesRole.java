package io.edgeship.block.pack;

/// What a series is to a histogram, by its labels.
///
/// @param histogram the same for the buckets, the count and the sum of one histogram, another for most others
/// @param isBucket  whether it has a label `le`
/// @param bound     of a bucket; negative infinity for the one of all events, which comes first
record SeriesRole(long histogram, boolean isBucket, double bound) {
    boolean isTotal() {
        return isBucket && bound == Double.NEGATIVE_INFINITY;
    }
}
