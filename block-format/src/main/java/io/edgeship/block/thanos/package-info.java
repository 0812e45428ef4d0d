/// What Thanos adds to blocks in a bucket: the `thanos` section of `meta.json`, the three marks, the names of objects,
/// and the file by which a shipper tells Prometheus what it has taken.
///
/// ```
/// thanos := {
///   "version": 1?, "labels": {name: value}, "downsample": {"resolution": ms},    0, 300000 or 3600000
///   "source": "sidecar"…, "segment_files": ["000001"…],
///   "files": [{"rel_path", "size_bytes"?, "hash": {"hashFunc": "SHA256", "value": hex}?}],
///                                                              by rel_path; meta.json without size
///   "rewrites": […]?, "index_stats": {"series_max_size"?, "chunk_max_size"?}, "extensions": any?,
///   "upload_time": RFC 3339 with nanoseconds
/// }
/// deletion-mark.json      := {"id", "version": 1, "details"?, "deletion_time": unix s}
/// no-compact-mark.json    := {"id", "version": 1, "details"?, "no_compact_time": unix s, "reason"}
/// no-downsample-mark.json := {"id", "version": 1, "details"?, "no_downsample_time": unix s, "reason"}
/// thanos.shipper.json     := {"version": 1, "uploaded": [ULID…] | null}       tabs, ends with a line feed
/// ```
///
/// Marks are compact JSON. Source: `pkg/block/metadata` and `pkg/shipper` of Thanos 0.43-dev.
@NullMarked
package io.edgeship.block.thanos;

import org.jspecify.annotations.NullMarked;
