/// The fleet as the bucket shows it: every block, and until when each site's data has arrived.
///
/// ```
/// edgeship/fleet/bucket-index.json.gz := gzip of {"version": 1, "written_at": ms, "blocks": […], "partial": […],
///                                                 "sites": […]}
/// block   := {"ulid", "minTime", "maxTime", "labels": {…}, "level", "resolution", "sources": count, "size_bytes",
///             "upload_time": ms?, "missing": [file…]?, "unexpected": [file…]?, "deletion_mark"?: true,
///             "no_compact_mark"?: true, "no_downsample_mark"?: true}                                 by ULID
/// partial := {"ulid", "state": "upload" | "removal" | "torn" | "unread" | "held", "newest": ms, "objects": count}
///      by ULID
/// site    := {"site", "data_until": ms, "blocks", "size_bytes", "gaps", "last_contact": ms?, "backlog_items"?,
///             "backlog_bytes"?, "outstanding_blocks": count?, "outstanding": [ULID…]?, "under_way": count?,
///             "losses": count?, "incarnations": count, "agents_alive": count?,
///             "reports_not_understood": count?}                                                       by name
///
/// /fleet.json   := {"at": ms, "sites": [status…]}                                the fleet server's answer
/// status        := site with "state": "fresh" | "late" | "dark", "lag_objective": ms, "dark_after": ms, "lag": ms?,
///                  "arrived_day_bytes", "catch_up": ms?, "clock_skew": ms, "agent_versions": [text…],
///                  "coverage_percent": [whole percent a two-hour window, the one under way first]
///
/// cache_dir/<ULID>.meta := "edgeship-meta 1 " crc32c-in-hex LF body
/// body                  := ETag of the object LF bytes of the meta.json           what the checksum covers
/// ```
///
/// The index is one object to read instead of one a block. Of `missing`, `unexpected` and `outstanding` the first
/// hundred are given. All times are milliseconds since 1970; `written_at` and `newest` are the store's. The bytes
/// depend on the bucket's state and `written_at` only.
@NullMarked
package io.edgeship.fleet;

import org.jspecify.annotations.NullMarked;
