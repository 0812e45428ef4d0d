package io.edgeship.block.tsdb.chunkenc;

/// How a chunk's last byte was left. Both read alike; only who wants the very bytes again has to know.
public enum BitDialect {
    /// Prometheus 3.0 and later: no byte is begun before it has a bit.
    SINCE_3_0,
    /// Earlier ones: after bits that were written as whole bytes and end a byte stands a spare one of zeroes.
    BEFORE_3_0
}
