package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.json.JsonObject;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ListPage;
import io.edgeship.queue.Item;
import io.edgeship.queue.Spool;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Whether the bucket holds a block's samples under other ULIDs: merged centrally, or not merged where Prometheus has
/// merged them. That can be only where somebody shipped before this spool began, so only blocks cut before are asked
/// about. It saves bytes and no more: a block sent again is hidden by its `sources` (I9) and removed centrally. So it
/// looks into small buckets only, and a link or credentials that forbid looking cost nothing but these bytes.
///
/// Used by the shipping thread alone.
final class SentBefore {
    private static final Log LOG = Log.of(SentBefore.class);
    private static final int PAGES_MAX = 2;
    private static final int METAS_MAX = 200;

    private final Bucket bucket;
    private final Set<BlockId> askedFor = new HashSet<>();
    private final Set<BlockId> heldSources = new HashSet<>();
    private boolean lookingIsFutile;

    SentBefore(Bucket bucket) {
        this.bucket = bucket;
    }

    /// @throws BucketException if the bucket cannot be asked now, but perhaps later
    boolean holds(PrometheusSource source, Item item) throws IOException {
        if (lookingIsFutile || item.id().timeMillis() >= source.firstStart().toEpochMilli()) {
            return false;
        }
        List<BlockId> sources = item.meta().compaction().sources();
        if (!askedFor.containsAll(sources)) {
            ask(source);
        }
        return !sources.isEmpty() && heldSources.containsAll(sources);
    }

    private void ask(PrometheusSource source) throws IOException {
        askedFor.addAll(wanted(source));
        try {
            Optional<List<BlockId>> blocks = list();
            long oldest = askedFor.stream().mapToLong(BlockId::timeMillis).min().orElse(0);
            List<BlockId> mayHold = blocks.orElse(List.of()).stream()
                    .filter(block -> block.timeMillis() >= oldest) // a merged block is younger than its sources
                    .sorted(Comparator.reverseOrder()) // the younger, the more merged
                    .toList();
            if (blocks.isEmpty() || mayHold.size() > METAS_MAX) {
                giveUp("it holds too many blocks to look through");
                return;
            }
            for (BlockId block : mayHold) {
                heldSources.addAll(sourcesOf(block));
            }
        } catch (BucketException.AccessDenied e) {
            giveUp(String.valueOf(e.getMessage()));
        }
    }

    private void giveUp(String why) {
        lookingIsFutile = true;
        LOG.info("bucket not asked for blocks shipped before: what it holds is sent again", "why", why);
    }

    private static Set<BlockId> wanted(PrometheusSource source) throws IOException {
        Spool spool = source.spool();
        Set<BlockId> wanted = new HashSet<>();
        synchronized (spool) {
            for (Item item : spool.ready()) {
                wanted.addAll(item.meta().compaction().sources());
            }
        }
        return wanted;
    }

    /// Empty if there are too many.
    private Optional<List<BlockId>> list() throws BucketException {
        List<BlockId> blocks = new ArrayList<>();
        String token = null;
        for (int page = 0; page < PAGES_MAX; page++) {
            ListPage listed = bucket.list("", "/", token, ListPage.KEYS_MAX);
            for (String prefix : listed.commonPrefixes()) {
                BucketLayout.blockOf(prefix).ifPresent(blocks::add);
            }
            token = listed.next();
            if (token == null) {
                return Optional.of(blocks);
            }
        }
        return Optional.empty();
    }

    /// None for a block that is not whole or cannot be read: it counts as not there.
    private List<BlockId> sourcesOf(BlockId block) throws IOException {
        String key = BucketLayout.metaKey(block);
        try (InputStream in = bucket.get(key)) {
            return BlockMeta.parse(key, in.readNBytes(JsonObject.BYTES_MAX))
                    .compaction()
                    .sources();
        } catch (BucketException.NotFound | CorruptFormatException | UnsupportedVersionException e) {
            LOG.debug("not a whole block", "block", block, "err", e.getMessage());
            return List.of();
        }
    }
}
