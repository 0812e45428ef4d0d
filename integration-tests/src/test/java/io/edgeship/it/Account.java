package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

/// What must and what may be in the bucket, of the samples from `from` (inclusive) until `until` (exclusive).
///
/// @param where said of each failure
/// @param had   that Prometheus has still
record Account(String where, long from, long until, Samples had, Deletions deletions, SpoolLeft left) {

    /// Holds against it all that a reader finds in the bucket: nothing is missing, nothing doubled, nothing added.
    ///
    /// @return in numbers what was found
    String balance(String reader, Samples all) {
        Samples shipped = all.within(from, until).withoutStaleMarkers();
        Samples more = shipped.without(had);
        Samples missing = had.without(shipped);
        assertThat(shipped.count())
                .as("%s, by %s: samples, none twice", where, reader)
                .isEqualTo(shipped.distinct().count());
        assertNone(
                "samples that Prometheus never had, or that were deleted before the agent saw them",
                reader,
                more.without(deletions.mayBeShipped()));
        assertNone(
                "samples that are neither in the bucket nor held nor reported as lost",
                reader,
                missing.without(left.samples()).outside(left.losses()));
        return "%s, by %s: %d samples that Prometheus has; %d in the bucket, %d of them deleted later; %d only held; %d lost"
                .formatted(
                        where,
                        reader,
                        had.count(),
                        shipped.count(),
                        more.count(),
                        missing.count(),
                        missing.without(left.samples()).count());
    }

    private void assertNone(String what, String reader, Samples samples) {
        assertThat(samples.some())
                .as("%s, by %s: %d %s", where, reader, samples.count(), what)
                .isEmpty();
    }
}
