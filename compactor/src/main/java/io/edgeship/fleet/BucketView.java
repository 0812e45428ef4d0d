package io.edgeship.fleet;

import io.edgeship.block.message.v1.Heartbeat;
import java.util.List;

/// What one pass over the bucket saw. Lists are in order of ULID, heartbeats in order of key.
///
/// @param strange names that read leniently as a ULID and are none: Thanos takes them for blocks, we leave them alone
public record BucketView(
        List<BucketBlock> blocks, List<PartialBlock> partial, List<Heartbeat> heartbeats, List<String> strange) {
    public BucketView {
        blocks = List.copyOf(blocks);
        partial = List.copyOf(partial);
        heartbeats = List.copyOf(heartbeats);
        strange = List.copyOf(strange);
    }
}
