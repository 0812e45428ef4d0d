package io.edgeship.fleet;

import java.util.List;

/// Objects under a ULID without a readable meta.json: an upload under way, or one that was given up.
///
/// @param newestMillis when the last of them was written, by the store's clock
/// @param why          what is wrong with its meta.json
public record PartialBlock(String ulid, List<String> keys, long newestMillis, String why) {
    public PartialBlock {
        keys = List.copyOf(keys);
    }
}
