package io.edgeship.fleet;

import io.edgeship.block.BlockId;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ListPage;
import io.edgeship.bucket.ObjectInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// One listing of the whole bucket, handed over folder by folder: no more than one folder and one page are in memory.
final class FolderListing {
    /// A block of 50 TiB has fewer objects; a folder with more is none of anybody's blocks.
    static final int OBJECTS_MAX = 100_000;

    private final Visitor visitor;
    private List<ObjectInfo> objects = new ArrayList<>();
    private String folder = "";
    private String lastBlock = "";
    private boolean tooMany;

    private FolderListing(Visitor visitor) {
        this.visitor = visitor;
    }

    interface Visitor {
        /// All objects of a top-level folder that Thanos takes for a block, in order of key.
        ///
        /// @param objects the first [#OBJECTS_MAX] of them if `tooMany`
        void block(String folder, List<ObjectInfo> objects, boolean tooMany) throws IOException;

        /// An object outside of such folders.
        void other(ObjectInfo object) throws IOException;
    }

    /// @throws BucketException.Refused if the store breaks the order of keys: a block's folder could then come in two
    ///     halves, of which the first looks like an abandoned upload
    static void walk(Bucket bucket, Visitor visitor) throws IOException {
        FolderListing listing = new FolderListing(visitor);
        String token = null;
        do {
            ListPage page = bucket.list("", null, token, ListPage.KEYS_MAX);
            for (ObjectInfo object : page.objects()) {
                listing.take(object);
            }
            token = page.next();
        } while (token != null);
        listing.finishFolder();
    }

    /// What Thanos takes for a block: 26 characters, the first at most 7.
    static boolean looksLikeBlock(String folder) {
        return folder.length() == BlockId.LENGTH && folder.charAt(0) >= '0' && folder.charAt(0) <= '7';
    }

    private void take(ObjectInfo object) throws IOException {
        String key = object.key();
        int slash = key.indexOf('/');
        String top = slash < 0 ? "" : key.substring(0, slash);
        if (!top.equals(folder)) {
            finishFolder();
            folder = top;
            requireOrder(key);
        }
        if (!looksLikeBlock(top)) {
            visitor.other(object);
        } else if (objects.size() < OBJECTS_MAX) {
            objects.add(object);
        } else {
            tooMany = true;
        }
    }

    /// Stores may disagree on the order of other names, but those of blocks are digits and letters.
    private void requireOrder(String key) throws BucketException.Refused {
        if (looksLikeBlock(folder)) {
            if (folder.compareTo(lastBlock) <= 0) {
                throw new BucketException.Refused(
                        "listing the bucket: the store gives '%s' after '%s', which is not the order of keys"
                                .formatted(key, lastBlock),
                        null);
            }
            lastBlock = folder;
        }
    }

    private void finishFolder() throws IOException {
        if (!objects.isEmpty()) {
            visitor.block(folder, objects, tooMany);
        }
        objects = new ArrayList<>();
        tooMany = false;
    }
}
