package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.json.JsonObject;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.queue.Spool;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Blocks that a full spool did not take and that the source still has: should it delete one, that is a loss to record
/// (I3), also where the agent was started anew in between. Kept in the spool, written only when it changes.
final class RefusedBlocks {
    private static final Log LOG = Log.of(RefusedBlocks.class);
    private static final String KEPT = "refused.json";

    /// Of a source with more, the newest are not remembered: it would take a year at one in two hours.
    private static final int SIZE_MAX = 4400;

    private final Spool spool;
    private Optional<Map<BlockId, BlockMeta>> known = Optional.empty();
    private boolean isWritten = true;

    RefusedBlocks(Spool spool) {
        this.spool = spool;
    }

    /// Those of the look before.
    Map<BlockId, BlockMeta> known() throws IOException {
        if (known.isEmpty()) {
            known = Optional.of(read());
        }
        return known.get();
    }

    private Map<BlockId, BlockMeta> read() throws IOException {
        Map<BlockId, BlockMeta> blocks = new LinkedHashMap<>();
        Optional<byte[]> kept = spool.kept(KEPT);
        if (kept.isEmpty()) {
            return blocks;
        }
        try {
            for (String text : JsonObject.parse(KEPT, kept.get()).texts("blocks")) {
                BlockMeta meta = BlockMeta.parse(KEPT, text.getBytes(StandardCharsets.UTF_8));
                blocks.put(meta.id(), meta);
            }
        } catch (CorruptFormatException | UnsupportedVersionException e) {
            LOG.warn("list of blocks that were not taken is unreadable, begun anew", e, "spool", spool.dir());
        }
        return blocks;
    }

    /// A disk that has no room for the list does not stop the scan. It is known at once, and written next time.
    ///
    /// @return why the list is not on disk, if so: an agent that is started anew would not know of these blocks
    Optional<String> remember(Collection<BlockMeta> refused) throws IOException {
        Map<BlockId, BlockMeta> blocks = new LinkedHashMap<>();
        refused.stream().limit(SIZE_MAX).forEach(meta -> blocks.put(meta.id(), meta));
        boolean same = blocks.keySet().equals(known().keySet());
        known = Optional.of(blocks);
        if (same && isWritten) {
            return Optional.empty();
        }
        List<String> texts = new ArrayList<>();
        for (BlockMeta meta : blocks.values()) {
            texts.add(new String(meta.toJson(), StandardCharsets.UTF_8));
        }
        try {
            isWritten = false;
            spool.keep(KEPT, JsonObject.empty().with("blocks", texts).toIndentedBytes());
            isWritten = true;
            return Optional.empty();
        } catch (IOException e) {
            LOG.warn("blocks that were not taken cannot be listed, trying again", e, "spool", spool.dir());
            return Optional.of("blocks that were not taken cannot be listed: " + e.getMessage());
        }
    }
}
