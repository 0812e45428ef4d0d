package io.edgeship.compact.intake;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.PieceName;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.ObjectInfo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Gathers the items of the inbox from a listing of the bucket that is made anyway. Keeps some numbers of each item,
/// not its pieces. For one listing; not thread-safe.
public final class InboxListing {
    /// Of one site; what is above waits until these are done. A site seals a few blocks an hour.
    static final int ITEMS_PER_SITE_MAX = 10_000;

    /// Enough for a person to begin with.
    static final int STRANGE_MAX = 20;

    private static final String ITEM = ".item";
    private static final String MANIFEST = "manifest.pb";
    private static final String RECEIPTS = "receipts";
    private static final String RECEIPT = ".pb";

    private final Map<String, Map<String, Folder>> sites = new TreeMap<>();
    private final List<String> strange = new ArrayList<>();
    private final OldReceipts answered = new OldReceipts();

    private static final class Folder {
        private final String site;
        private final String incarnation;
        private final BlockId id;
        private int pieces;
        private long bytes;
        private long newestMillis;
        private InboxItem.Seen manifest = InboxItem.Seen.NONE;
        private InboxItem.Seen receipt = InboxItem.Seen.NONE;

        Folder(String site, String incarnation, BlockId id) {
            this.site = site;
            this.incarnation = incarnation;
            this.id = id;
        }

        InboxItem item() {
            return new InboxItem(site, incarnation, id, pieces, bytes, newestMillis, manifest, receipt);
        }
    }

    /// Takes note of an object of the listing.
    public void listed(ObjectInfo object) {
        if (object.key().startsWith(BucketLayout.INBOX)) {
            inInbox(object, object.key().substring(BucketLayout.INBOX.length()).split("/", -1));
        } else if (object.key().startsWith(BucketLayout.SITES)) {
            ofSite(object, object.key().substring(BucketLayout.SITES.length()).split("/", -1));
        }
    }

    /// In turns, one item of each site, so that a site with a long backlog delays no other.
    public List<InboxItem> items() {
        Deque<Deque<InboxItem>> queues = new ArrayDeque<>();
        sites.values()
                .forEach(folders -> queues.add(new ArrayDeque<>(
                        folders.values().stream().map(Folder::item).toList())));
        List<InboxItem> items = new ArrayList<>();
        while (!queues.isEmpty()) {
            Deque<InboxItem> ofSite = queues.remove();
            items.add(ofSite.remove());
            if (!ofSite.isEmpty()) {
                queues.add(ofSite);
            }
        }
        return items;
    }

    /// The first keys that are no part of an item. Nobody removes them.
    public List<String> strange() {
        return List.copyOf(strange);
    }

    private void inInbox(ObjectInfo object, String[] names) {
        Optional<BlockId> id = names.length == 4 ? itemOf(names[2]) : Optional.empty();
        boolean manifest = id.isPresent() && names[3].equals(MANIFEST);
        if (id.isEmpty() || !(manifest || PieceName.tryParse(names[3]).isPresent())) {
            if (strange.size() < STRANGE_MAX) {
                strange.add(object.key());
            }
            return;
        }
        Map<String, Folder> ofSite = sites.computeIfAbsent(names[0], _ -> new LinkedHashMap<>());
        String name = names[1] + "/" + id.get();
        if (ofSite.size() >= ITEMS_PER_SITE_MAX && !ofSite.containsKey(name)) {
            return;
        }
        Folder folder = ofSite.computeIfAbsent(name, _ -> new Folder(names[0], names[1], id.get()));
        folder.newestMillis =
                Math.max(folder.newestMillis, object.lastModified().toEpochMilli());
        if (manifest) {
            folder.manifest = InboxItem.Seen.of(object);
        } else {
            folder.pieces++;
            folder.bytes += object.sizeBytes();
        }
    }

    /// Receipts come after the inbox in the order of keys. A store of another order costs only that late leftovers of
    /// an accepted item stay as long as any pieces without a manifest do, and that some answers are written twice.
    private void ofSite(ObjectInfo object, String[] names) {
        if (names.length != 4 || !names[2].equals(RECEIPTS) || !names[3].endsWith(RECEIPT)) {
            return;
        }
        String id = names[3].substring(0, names[3].length() - RECEIPT.length());
        Folder folder = sites.getOrDefault(names[0], Map.of()).get(names[1] + "/" + id);
        if (folder != null) {
            folder.receipt = InboxItem.Seen.of(object);
        } else {
            BlockId.tryParse(id)
                    .ifPresent(block -> answered.add(
                            names[0],
                            names[1],
                            new OldReceipts.Entry(block, object.lastModified().toEpochMilli())));
        }
    }

    /// Receipts of items that have no folder, the oldest of each spool. None of a site with more folders than were
    /// looked at.
    List<OldReceipts.OfSpool> answered() {
        return answered.ofSpools().stream()
                .map(spool -> spool.without(id -> isInInbox(spool, id)))
                .toList();
    }

    private boolean isInInbox(OldReceipts.OfSpool spool, BlockId id) {
        Map<String, Folder> ofSite = sites.getOrDefault(spool.site(), Map.of());
        return ofSite.size() >= ITEMS_PER_SITE_MAX || ofSite.containsKey(spool.incarnation() + "/" + id);
    }

    private static Optional<BlockId> itemOf(String folder) {
        return folder.endsWith(ITEM)
                ? BlockId.tryParse(folder.substring(0, folder.length() - ITEM.length()))
                : Optional.empty();
    }
}
