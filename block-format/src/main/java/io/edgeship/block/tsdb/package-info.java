/// A TSDB block: a directory named by its ULID.
///
/// ```
/// <ULID>/chunks/000001…   samples, io.edgeship.block.tsdb.chunks
/// <ULID>/index            series and where their chunks are, io.edgeship.block.tsdb.index
/// <ULID>/tombstones       deleted ranges, io.edgeship.block.tsdb.tombstones; never in a bucket
/// <ULID>/meta.json        this package
///
/// meta.json := {
///   "ulid", "minTime", "maxTime",            ms; minTime is the first sample, maxTime is exclusive
///   "stats": {"numSamples", "numFloatSamples", "numHistogramSamples", "numSeries", "numChunks", "numTombstones"},
///   "compaction": {"level", "sources": [ULID], "deletable",
///                  "parents": [{"ulid", "minTime", "maxTime"}], "failed", "hints"},
///   "version": 1,
///   "thanos": {…}                            io.edgeship.block.thanos
/// }
/// ```
///
/// Keys that are zero, false or empty are left out, except ulid, minTime, maxTime, stats, compaction, level, version.
/// Prometheus ends the file at the last brace, Thanos after a line feed. Source: `tsdb/block.go` of Prometheus 3.14.
@NullMarked
package io.edgeship.block.tsdb;

import org.jspecify.annotations.NullMarked;
