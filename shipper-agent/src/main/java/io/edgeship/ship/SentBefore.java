package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.json.JsonObject;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.block.thanos.ThanosMeta;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

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
    private final Set<BlockId> there = new HashSet<>();

    /// By the labels of the blocks that hold them: another site's block of that ULID proves nothing.
    private final Map<SortedMap<String, String>, Set<BlockId>> heldSources = new HashMap<>();

    private boolean lookingIsFutile;

    SentBefore(Bucket bucket) {
        this.bucket = bucket;
    }

    /// @throws BucketException if the bucket cannot be asked now, but perhaps later
    boolean holds(PrometheusSource source, Item item) throws IOException {
        if (lookingIsFutile || item.id().timeMillis() >= source.firstStart().toEpochMilli()) {
            return false;
        }
        BlockMeta meta = item.meta();
        List<BlockId> sources = sources(source.spool(), item);
        if (!askedFor.containsAll(sources)) {
            ask(source);
        }
        if (sources.isEmpty() || there.contains(item.id())) {
            return false; // of its own name: the uploader compares the two
        }
        SortedMap<String, String> labels =
                Objects.requireNonNull(meta.thanos(), "not sealed").labels();
        return heldSources.getOrDefault(labels, Set.of()).containsAll(sources);
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
                read(block);
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
                wanted.addAll(sources(spool, item));
            }
        }
        return wanted;
    }

    /// Of a block that was written anew, those that it was made of.
    private static List<BlockId> sources(Spool spool, Item item) throws IOException {
        List<BlockId> origins = spool.origins(item.id());
        return origins.isEmpty() ? item.meta().compaction().sources() : origins;
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

    /// Only raw data counts; a block that is not whole or cannot be read counts as not there.
    private void read(BlockId block) throws IOException {
        String key = BucketLayout.metaKey(block);
        try (InputStream in = bucket.get(key)) {
            BlockMeta meta = BlockMeta.parse(key, in.readNBytes(JsonObject.BYTES_MAX));
            there.add(block);
            ThanosMeta thanos = meta.thanos();
            if (thanos != null && thanos.resolutionMillis() == 0) {
                heldSources
                        .computeIfAbsent(thanos.labels(), _ -> new HashSet<>())
                        .addAll(meta.compaction().sources());
            }
        } catch (BucketException.NotFound | CorruptFormatException | UnsupportedVersionException e) {
            LOG.debug("not a whole block", "block", block, "err", e.getMessage());
        }
    }
}
