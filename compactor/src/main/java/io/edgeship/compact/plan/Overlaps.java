package io.edgeship.compact.plan;

/// What is done with blocks of one stream that overlap in time.
public enum Overlaps {
    /// They are merged; of two samples of one time the one of the earlier source in the plan is kept.
    ONE_TO_ONE,
    /// They are merged as Thanos merges replicas: one source is followed until it has a hole.
    PENALTY,
    /// They are left alone.
    REFUSE
}
