/// Carries a [io.edgeship.compact.plan.CompactionPlan] out against the bucket: the sources are read through ranges,
/// front to back, the new blocks go out as multipart uploads, and nothing touches a disk on the way.
///
/// ```
/// sources ── few large ranges ──▶ merge, series by series ──▶ parts ──▶ <ULID>/chunks/…, <ULID>/index
///                                                                          │ compared with what was sent,
///                                                                          │ the index read back and checked (I10)
///                                                                          ▼
///                                                                     <ULID>/meta.json (I1)
/// ```
///
/// Whatever breaks before a meta.json leaves nothing that anybody reads; the next run overwrites it, for the same
/// plan gives the same ULID (I4).
@NullMarked
package io.edgeship.compact.merge;

import org.jspecify.annotations.NullMarked;
