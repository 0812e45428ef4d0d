package io.edgeship.block.thanos;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.json.JsonObject;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/// `thanos.shipper.json`: the blocks that Prometheus (3.9 and later) may compact, because a shipper has taken them.
public record ShipperState(List<String> uploaded) {
    public static final String FILE_NAME = "thanos.shipper.json";

    private static final int VERSION = 1;

    public ShipperState {
        uploaded = List.copyOf(uploaded);
    }

    public static ShipperState of(List<BlockId> blocks) {
        return new ShipperState(blocks.stream().map(BlockId::toString).toList());
    }

    public static ShipperState parse(String file, byte[] json) throws IOException {
        JsonObject state = JsonObject.parse(file, json);
        long version = state.requiredInteger("version");
        if (version != VERSION) {
            throw new UnsupportedVersionException(
                    file, Math.toIntExact(Math.clamp(version, 0, Integer.MAX_VALUE)), VERSION);
        }
        return new ShipperState(state.texts("uploaded"));
    }

    /// The bytes as Thanos writes them, except that no block is `[]` and not `null`.
    public byte[] toJson() {
        byte[] json = JsonObject.empty()
                .with("version", VERSION)
                .with("uploaded", uploaded)
                .toIndentedBytes();
        byte[] withLineFeed = Arrays.copyOf(json, json.length + 1);
        withLineFeed[json.length] = '\n';
        return withLineFeed;
    }
}
