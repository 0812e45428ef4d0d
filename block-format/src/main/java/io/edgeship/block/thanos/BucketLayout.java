package io.edgeship.block.thanos;

import io.edgeship.block.BlockId;
import java.util.Optional;

/// The names of objects in the bucket. Blocks lie at the root, where Thanos looks for them; everything of ours lies
/// under `edgeship/`, where no name is 26 characters long or ends in `/meta.json`, so that Thanos never takes it for a
/// block.
public final class BucketLayout {
    public static final String OURS = "edgeship/";
    public static final String SITES = OURS + "sites/";

    /// Where items arrive in pieces.
    public static final String INBOX = OURS + "inbox/";

    /// What the centre writes.
    public static final String FLEET = OURS + "fleet";

    public static final String BUCKET_INDEX = FLEET + "/bucket-index.json.gz";

    /// In the bucket of logs: what has come of each site.
    public static final String LOGS_STATE = FLEET + "/logs.json.gz";

    /// The object on which the centre tries what the store can do.
    public static final String PROBE = FLEET + "/probe";

    /// Who writes which stream.
    public static final String LOCKS = OURS + "locks/";

    private static final String META = "meta.json";
    private static final String ITEM = ".item/";
    private static final String MANIFEST = "manifest.pb";

    private BucketLayout() {}

    /// @param relativePath a file of the block: `chunks/000001`, `index`, `meta.json`, a mark
    public static String key(BlockId id, String relativePath) {
        return id + "/" + relativePath;
    }

    public static String metaKey(BlockId id) {
        return key(id, META);
    }

    /// Where a site's spool says how it fares. A spool's incarnation is a random name that it got when it was made.
    public static String heartbeatKey(String site, String incarnation) {
        return SITES + site + "/" + incarnation + "/heartbeat.pb";
    }

    /// What a site lost, and why.
    public static String lossKey(String site, String incarnation, String name) {
        return SITES + site + "/" + incarnation + "/losses/" + name + ".pb";
    }

    /// What a site's Loki was asked to delete.
    public static String deleteRequestsKey(String site, String incarnation) {
        return SITES + site + "/" + incarnation + "/delete-requests.jsonl";
    }

    /// The folder of an item's pieces and manifest, with a `/` at its end.
    public static String itemPrefix(String site, String incarnation, BlockId id) {
        return INBOX + site + "/" + incarnation + "/" + id + ITEM;
    }

    /// Written last: from then on the centre may assemble the item.
    public static String manifestKey(String site, String incarnation, BlockId id) {
        return itemPrefix(site, incarnation, id) + MANIFEST;
    }

    /// What the centre made of an item.
    public static String receiptKey(String site, String incarnation, BlockId id) {
        return SITES + site + "/" + incarnation + "/receipts/" + id + ".pb";
    }

    /// The lock of a stream.
    ///
    /// @param streamHash hexadecimal digits of a hash over its labels, more than 26 of them
    public static String lockKey(String streamHash) {
        return LOCKS + streamHash + ".json";
    }

    /// What the centre has seen of another compactor on the blocks of one selector.
    ///
    /// @param selectorHash hexadecimal digits of a hash over the selector, more than 26 of them
    public static String foreignKey(String selectorHash) {
        return FLEET + "/foreign-" + selectorHash + ".json";
    }

    /// The block that an object belongs to, if its first folder is a ULID in canonical spelling.
    public static Optional<BlockId> blockOf(String key) {
        int slash = key.indexOf('/');
        return slash < 0 ? Optional.empty() : BlockId.tryParse(key.substring(0, slash));
    }
}
