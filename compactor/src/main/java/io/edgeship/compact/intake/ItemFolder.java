package io.edgeship.compact.intake;

import io.edgeship.block.message.PieceName;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ListPage;
import io.edgeship.bucket.ObjectInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/// The objects of one item, page by page.
public final class ItemFolder {
    /// Pieces that a listing lacks are asked for by name, if they are few: a listing may lag behind.
    static final int HEADS_MAX = 100;

    private final Bucket bucket;
    private final InboxItem item;

    public ItemFolder(Bucket bucket, InboxItem item) {
        this.bucket = bucket;
        this.item = item;
    }

    private interface Visitor {
        void page(List<ObjectInfo> objects) throws BucketException;
    }

    /// Numbers of the pieces that are not there with the length that their names give. Reads none.
    public BitSet absent(PieceCut cut) throws BucketException {
        BitSet absent = new BitSet(cut.pieces());
        absent.set(0, cut.pieces());
        walk(objects -> {
            for (ObjectInfo object : objects) {
                Optional<PieceName> piece = piece(object);
                int number = piece.map(cut::numberOf).orElse(-1);
                if (number >= 0 && object.sizeBytes() == piece.get().length()) {
                    absent.clear(number);
                }
            }
        });
        int heads = 0;
        for (int i = absent.nextSetBit(0); i >= 0 && heads < HEADS_MAX; i = absent.nextSetBit(i + 1), heads++) {
            PieceName piece = cut.piece(i);
            Optional<ObjectInfo> there = bucket.head(item.prefix() + piece);
            if (there.isPresent() && there.get().sizeBytes() == piece.length()) {
                absent.clear(i);
            }
        }
        return absent;
    }

    /// Removes manifest and pieces, and nothing that has another name. The manifest goes first: pieces alone are
    /// never answered, so a crash in between leaves nothing that could be taken for an item with holes.
    void remove() throws BucketException {
        bucket.delete(item.manifestKey());
        removePieces();
    }

    /// Removes pieces only: a manifest that comes meanwhile is answered.
    void removePieces() throws BucketException {
        walk(this::removePieces);
    }

    /// Removes pieces that wait for no manifest, if by now there is none and nothing was added lately.
    ///
    /// @param since nothing was added since then
    /// @return whether they were removed
    boolean removeOrphans(Instant since) throws BucketException {
        List<ObjectInfo> reasons = new ArrayList<>();
        walk(objects -> objects.stream()
                .filter(object ->
                        !object.lastModified().isBefore(since) || object.key().equals(item.manifestKey()))
                .limit(1)
                .forEach(reasons::add));
        if (!reasons.isEmpty()) {
            return false;
        }
        removePieces();
        return true;
    }

    private void removePieces(List<ObjectInfo> objects) throws BucketException {
        List<String> keys = objects.stream()
                .filter(object -> piece(object).isPresent())
                .map(ObjectInfo::key)
                .toList();
        if (!keys.isEmpty()) {
            bucket.deleteAll(keys);
        }
    }

    private Optional<PieceName> piece(ObjectInfo object) {
        return PieceName.tryParse(object.key().substring(item.prefix().length()));
    }

    private void walk(Visitor visitor) throws BucketException {
        String token = null;
        do {
            ListPage page = bucket.list(item.prefix(), null, token, ListPage.KEYS_MAX);
            visitor.page(page.objects());
            token = page.next();
        } while (token != null);
    }
}
