package io.edgeship.compact.lock;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.json.JsonObject;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.block.thanos.Mark;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.compact.mark.DeletionReason;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// Notices a Thanos compactor on the same blocks. Its traces are blocks of `source: compactor` that are not [made
/// here][io.edgeship.fleet.MadeHere], and deletion marks in its words without our ending
/// ([DeletionReason#isOfThanos]); a person's marks are none. A trace that was not there at our last look is evidence:
/// no clock is asked, for the foreign compactor's may be wrong. What was there at our first look is what a
/// predecessor left, and none.
///
/// What was seen is kept in the bucket, so that neither a restart nor another node forgets it. Not thread-safe.
public final class ThanosAtWork {
    /// It counts as gone once it has left no trace for so long: its first level comes every eight hours.
    public static final Duration QUIET = Duration.ofHours(12);

    /// More are not remembered, and then nothing is noticed.
    static final int TRACES_MAX = 300_000;

    private static final int VERSION = 1;

    private static final Log LOG = Log.of(ThanosAtWork.class);

    private final Bucket bucket;
    private final String key;

    /// @param selector in any spelling; compactors with another one have a last look of their own
    public ThanosAtWork(Bucket bucket, String selector) {
        this.bucket = bucket;
        this.key = BucketLayout.foreignKey(NameHash.of(selector));
    }

    /// Why nothing may be rewritten, marked or deleted within the selector.
    ///
    /// @param trace  the object that gave it away
    /// @param seenAt when it was first seen, by the store's clock
    public record Evidence(String trace, Instant seenAt) {
        /// When it counts as gone if it leaves no further trace.
        public Instant until() {
            return seenAt.plus(QUIET);
        }

        /// For people.
        public String message() {
            return ("a Thanos compactor is at work on the selected blocks: %s is its work, seen %s. Stop it or exclude its"
                            + " blocks by the selector; it counts as gone at %s, or with foreign_compactor: ignore")
                    .formatted(trace, seenAt, until());
        }
    }

    /// Looks for new traces and remembers them.
    ///
    /// @param selected the blocks within the selector
    /// @param unread   blocks of which the store did not hand something out just now: what is known of them stays
    /// @param now      by the store's clock
    public Optional<Evidence> look(List<BucketBlock> selected, Set<BlockId> unread, Instant now) throws IOException {
        Optional<Seen> before = read();
        Seen seen = seen(before, selected, unread, now);
        if (!before.equals(Optional.of(seen))) {
            write(seen);
        }
        return seen.evidence();
    }

    /// As [#look], but writes nothing: the next look finds the same.
    public Optional<Evidence> peek(List<BucketBlock> selected, Set<BlockId> unread, Instant now) throws IOException {
        return seen(read(), selected, unread, now).evidence();
    }

    private static Seen seen(Optional<Seen> before, List<BucketBlock> selected, Set<BlockId> unread, Instant now) {
        NavigableSet<String> traces = traces(selected);
        if (before.isEmpty()) {
            return new Seen(traces, Optional.empty());
        }
        Optional<Evidence> evidence = traces.stream()
                .filter(trace -> !before.get().known().contains(trace))
                .findFirst()
                .map(trace -> new Evidence(trace, now))
                .or(() -> before.get().evidence().filter(old -> now.isBefore(old.until())));
        before.get().known().stream()
                .filter(trace ->
                        BucketLayout.blockOf(trace).filter(unread::contains).isPresent())
                .forEach(traces::add);
        return new Seen(traces, evidence);
    }

    private record Seen(SortedSet<String> known, Optional<Evidence> evidence) {}

    private static NavigableSet<String> traces(List<BucketBlock> blocks) {
        NavigableSet<String> traces = new TreeSet<>();
        for (BucketBlock block : blocks) {
            if (block.source().equals(ThanosMeta.COMPACTOR) && !block.isMadeHere()) {
                traces.add(BucketLayout.metaKey(block.meta().id()));
            }
            BucketBlock.SeenMark mark = block.deletionMark();
            if (mark != null && DeletionReason.isOfThanos(mark.details())) {
                traces.add(BucketLayout.key(block.meta().id(), Mark.Deletion.FILE_NAME));
            }
        }
        return traces;
    }

    /// Empty before the first look, and for what cannot be read.
    private Optional<Seen> read() throws IOException {
        try (InputStream in = bucket.get(key)) {
            JsonObject json = JsonObject.parse(key, in.readNBytes(JsonObject.BYTES_MAX));
            if (json.requiredInteger("version") != VERSION) {
                throw json.corrupt("version", "is of a later build");
            }
            String trace = json.text("trace").orElse("");
            Instant seenAt = Instant.ofEpochMilli(json.integer("seen_at", 0));
            return Optional.of(new Seen(
                    new TreeSet<>(json.texts("known")),
                    trace.isEmpty() ? Optional.empty() : Optional.of(new Evidence(trace, seenAt))));
        } catch (BucketException.NotFound e) {
            return Optional.empty();
        } catch (CorruptFormatException e) {
            LOG.warn(
                    "what was seen of a foreign compactor cannot be read, looking anew",
                    "key",
                    key,
                    "err",
                    e.getMessage());
            return Optional.empty();
        }
    }

    private void write(Seen seen) throws IOException {
        if (seen.known().size() > TRACES_MAX) {
            LOG.warn("too many blocks of another compactor to remember, a foreign one is not noticed", "key", key);
            return;
        }
        JsonObject json = JsonObject.empty().with("version", VERSION).with("known", List.copyOf(seen.known()));
        if (seen.evidence().isPresent()) {
            json = json.with("trace", seen.evidence().get().trace())
                    .with("seen_at", seen.evidence().get().seenAt().toEpochMilli());
        }
        bucket.put(key, Body.of(json.toCompactBytes()));
    }
}
