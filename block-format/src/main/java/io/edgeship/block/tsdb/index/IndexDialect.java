package io.edgeship.block.tsdb.index;

/// Which sections a version 2 index has. Both read alike; only who wants the very bytes again has to know.
public enum IndexDialect {
    /// Prometheus 3.7 and later.
    SINCE_3_7,
    /// Earlier ones list, for each label name, the values that it has, and where these lists are.
    BEFORE_3_7
}
