package io.edgeship.compact.logs;

/// By which segments are judged.
///
/// @param maxItemBytes of all chunks of a segment
record SegmentRules(CentralLoki loki, TenantRules tenants, long maxItemBytes) {}
