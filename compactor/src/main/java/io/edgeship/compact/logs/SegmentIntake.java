package io.edgeship.compact.logs;

import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.loki.LokiIndexedChunk;
import io.edgeship.block.message.PieceName;
import io.edgeship.block.message.v1.LogSegment;
import io.edgeship.block.message.v1.Manifest;
import io.edgeship.bucket.Bucket;
import io.edgeship.compact.intake.Correspondence;
import io.edgeship.compact.intake.Fate;
import io.edgeship.compact.intake.InboxItem;
import io.edgeship.compact.intake.ItemTaker;
import io.edgeship.compact.intake.Question;
import io.edgeship.compact.intake.RejectedException;
import io.edgeship.compact.logs.SegmentPlan.PlannedChunk;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Takes in segments: each chunk is verified and put in its place; the answers wait for the indexes of all segments of
/// the cycle. For one cycle; not thread-safe.
final class SegmentIntake implements ItemTaker {
    /// Of chunks, so that a cycle ends and its logs become readable; the next goes on.
    static final long BYTES_MAX = 8L << 30;

    private final Bucket bucket;
    private final SegmentRules rules;
    private final LogsState state;
    private final LogsHold hold;
    private final Instant now;
    private final Correspondence correspondence;
    private final ChunkCheck check;
    private final ChunkPlace place;
    private final MappedStreams mapped;
    private final IndexBatch batch;
    private final Map<InboxItem, Pending> pending = new LinkedHashMap<>();
    private long bytesRead;
    private int indexes;
    private boolean written;
    private @Nullable IOException failure;

    /// What is answered once the indexes are there.
    private record Pending(Question question, LogSegment segment, SegmentTotals totals) {}

    /// @param state what has come so far; takes note of what comes now
    /// @param hold  the lock, which is ours so far
    /// @param now   by the store's clock
    SegmentIntake(Bucket bucket, SegmentRules rules, LogsState state, LogsHold hold, Instant now) {
        this.bucket = bucket;
        this.rules = rules;
        this.state = state;
        this.hold = hold;
        this.now = now;
        correspondence = new Correspondence(bucket, now);
        check = new ChunkCheck(rules.tenants());
        place = new ChunkPlace(bucket);
        mapped = new MappedStreams(bucket);
        batch = new IndexBatch(bucket, rules.loki());
    }

    @Override
    public Fate take(InboxItem item) throws IOException {
        hold.assure();
        return correspondence.take(item, this::judge);
    }

    private Fate judge(Question question) throws IOException, RejectedException {
        Manifest manifest = question.manifest();
        if (manifest.getKind() == Manifest.Kind.KIND_BLOCK) {
            return new Fate.Held("it is a block, which belongs into the bucket of objstore");
        }
        if (manifest.getCodec() == Manifest.Codec.CODEC_PACK) {
            return new Fate.TooNew("this build knows no packed segments; upgrade the centre");
        }
        SegmentPlan plan = SegmentPlan.of(question.item(), manifest, rules.tenants(), rules.maxItemBytes());
        Optional<String> obstacle = plan.obstacle(rules.loki());
        return obstacle.isPresent() ? new Fate.Held(obstacle.get()) : chunks(question, plan);
    }

    private Fate chunks(Question question, SegmentPlan plan) throws IOException, RejectedException {
        InboxItem item = question.item();
        SegmentReader reader = SegmentReader.of(bucket, item, plan);
        Sifted sifted = new Sifted(item.site(), plan.cut() != null);
        try {
            List<PieceName> missing = reader.read(sifted::take);
            if (!missing.isEmpty()) {
                // What was accepted once stays accepted: Loki may have deleted it since.
                return question.wasAccepted() ? new Fate.Accepted(null) : new Fate.Missing(missing);
            }
            if (!sifted.obstacles.isEmpty()) {
                return new Fate.Held(sifted.obstacles.getFirst());
            }
        } catch (UnsupportedVersionException e) {
            return new Fate.TooNew(e.getMessage() + "; upgrade the centre");
        } finally {
            bytesRead += reader.bytesRead();
        }
        batch.add(sifted.chunks);
        long bytes = plan.chunks().getLast().file().end();
        pending.put(item, new Pending(question, plan.segment(), SegmentTotals.of(sifted.chunks, bytes)));
        return new Fate.Postponed();
    }

    /// The chunks of one segment: verified and put in their places, but for those that would not be found there.
    private final class Sifted {
        private final String site;
        private final boolean inPieces;
        private final List<LokiIndexedChunk> chunks = new ArrayList<>();
        private final List<String> obstacles = new ArrayList<>();

        Sifted(String site, boolean inPieces) {
            this.site = site;
            this.inPieces = inPieces;
        }

        void take(PlannedChunk chunk, byte[] bytes) throws IOException, RejectedException {
            hold.keep();
            LokiIndexedChunk found = check.check(site, chunk.key(), bytes);
            Optional<String> obstacle = mapped.obstacle(chunk.key(), found.labels());
            if (obstacle.isPresent()) {
                obstacles.add(obstacle.get());
                return;
            }
            chunks.add(found);
            if (inPieces) {
                place.put(chunk.key(), bytes);
            }
        }
    }

    @Override
    public List<InboxItem> postponed() {
        return List.copyOf(pending.keySet());
    }

    @Override
    public Fate finish(InboxItem item) throws IOException {
        Pending one = pending.get(item);
        if (one == null) {
            throw new IllegalStateException("not postponed: " + item.prefix());
        }
        writeOnce();
        hold.assure();
        return correspondence.answer(one.question(), new Fate.Accepted(null));
    }

    /// Indexes, then the note of what has come: a receipt may only follow both.
    private void writeOnce() throws IOException {
        if (failure != null) {
            throw new IOException(failure.getMessage(), failure); // as unlikely to work for the next item
        }
        if (written) {
            return;
        }
        try {
            hold.renew();
            indexes = batch.write(hold::keep);
            hold.assure();
            pending.forEach((item, one) -> state.add(item, one.segment(), one.totals(), now.toEpochMilli()));
            state.write(bucket);
            written = true;
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    @Override
    public boolean isFull() {
        return bytesRead >= BYTES_MAX || batch.isFull() || hold.isLost();
    }

    @Override
    public long bytesRead() {
        return bytesRead;
    }

    /// In the indexes of this cycle.
    int chunks() {
        return written ? batch.chunks() : 0;
    }

    int indexes() {
        return indexes;
    }
}
