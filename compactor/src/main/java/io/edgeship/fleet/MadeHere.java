package io.edgeship.fleet;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.json.JsonObject;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import java.util.Optional;

/// Tells the blocks of Edgeship's compactors from those of a Thanos compactor, which bear the same `source`:
/// `thanos.extensions.edgeship.compacted` is the block's own ULID. A Thanos that merges our blocks may carry our
/// extensions over into its own, so that a mere key would say nothing.
public final class MadeHere {
    private static final String EXTENSIONS = "extensions";
    private static final String EXTENSION = "edgeship";
    private static final String COMPACTED = "compacted";

    private MadeHere() {}

    /// The section with the note that an Edgeship compactor made the block. What strangers wrote there in another
    /// shape gives way.
    public static ThanosMeta note(ThanosMeta section, BlockId id) {
        JsonObject extensions = objectOrEmpty(section.original(), EXTENSIONS);
        JsonObject ours = objectOrEmpty(extensions, EXTENSION).with(COMPACTED, id.toString());
        return new ThanosMeta(
                section.labels(),
                section.resolutionMillis(),
                section.source(),
                section.segmentFiles(),
                section.files(),
                section.uploadTime(),
                section.original().with(EXTENSIONS, extensions.with(EXTENSION, ours)));
    }

    private static JsonObject objectOrEmpty(JsonObject json, String key) {
        try {
            return json.object(key);
        } catch (CorruptFormatException e) {
            return JsonObject.empty();
        }
    }

    /// Whether a block's section has any extensions, which a block that is merged of it carries along.
    public static boolean hasExtensions(BlockMeta remembered) {
        ThanosMeta section = remembered.thanos();
        return section != null && section.original().keys().contains(EXTENSIONS);
    }

    /// Whether the note is there. What a block says of itself may be a lie, which would only hide a foreign
    /// compactor.
    static boolean isNoted(BlockMeta meta) {
        ThanosMeta section = meta.thanos();
        try {
            return section != null
                    && section.extension(EXTENSION)
                            .text(COMPACTED)
                            .equals(Optional.of(meta.id().toString()));
        } catch (CorruptFormatException e) {
            return false; // extensions are anybody's: another shape is no note of ours
        }
    }

    /// What is remembered of a block's section: the note, if it is there, and else that there are other extensions.
    static JsonObject remembered(BlockMeta meta) {
        if (!isNoted(meta)) {
            ThanosMeta section = meta.thanos();
            boolean hasOthers = section != null && section.original().keys().contains(EXTENSIONS);
            return hasOthers ? JsonObject.empty().with(EXTENSIONS, JsonObject.empty()) : JsonObject.empty();
        }
        JsonObject note = JsonObject.empty().with(COMPACTED, meta.id().toString());
        return JsonObject.empty().with(EXTENSIONS, JsonObject.empty().with(EXTENSION, note));
    }
}
