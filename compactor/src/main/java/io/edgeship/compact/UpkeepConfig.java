package io.edgeship.compact;

import io.edgeship.compact.retain.RetentionRules;
import io.edgeship.compact.round.RoundRules;
import java.time.Duration;

/// How blocks that are there are treated.
///
/// @param partialDelay   how long nothing must have been added to an upload before it counts as abandoned
/// @param deleteDelay    from a deletion mark to the deletion
/// @param ignoresForeign whether a Thanos compactor at work on the same streams is no reason to refuse
record UpkeepConfig(
        Roles roles,
        Selector selector,
        RoundRules round,
        RetentionRules retention,
        Duration partialDelay,
        Duration deleteDelay,
        boolean ignoresForeign) {}
