package io.edgeship.ship.loki;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.queue.Item;
import io.edgeship.queue.ShippedRecord;
import io.edgeship.queue.Spool;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.quota.SpoolLimits;
import io.edgeship.queue.quota.SpoolUse;
import io.edgeship.queue.transport.Transport;
import io.edgeship.runtime.log.Log;
import io.edgeship.ship.FirstStart;
import io.edgeship.ship.Losses;
import io.edgeship.ship.Source;
import io.edgeship.ship.SpoolRoom;
import io.edgeship.ship.rewrite.Rewriter;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/// The chunk root of one Loki: links whole chunks into an open segment at once, and seals it when its time has come or
/// it is full.
public final class LokiSource implements Source {
    private static final Log LOG = Log.of(LokiSource.class);

    /// Nothing depends on these records: they are for people. A week at one in two hours.
    private static final int SHIPPED_RECORDS_MAX = 84;

    private final LokiConfig config;
    private final Spool spool;
    private final Losses losses;
    private final InstantSource clock;
    private final ChunkMemory memory;
    private final SegmentNumbers numbers;
    private final OpenSegment open;
    private final ChunkIntake intake;
    private final RunningLoki loki;
    private final DeleteRequests deletes;
    private final RewrittenChunks rewritten;
    private volatile SpoolRoom room;
    private volatile Optional<BlockId> sending = Optional.empty();
    private volatile Optional<String> stopped = Optional.empty();
    private volatile long unwholeChunks;
    private volatile boolean sealsAtOnce;

    private LokiSource(LokiConfig config, Spool spool, Losses losses, InstantSource clock, LongSupplier nanoTime)
            throws IOException {
        this.config = config;
        this.spool = spool;
        this.losses = losses;
        this.clock = clock;
        Instant firstStart = FirstStart.of(spool, clock);
        memory = ChunkMemory.recall(spool);
        numbers = new SegmentNumbers(spool);
        UnwholeChunks unwhole = new UnwholeChunks(spool, losses, clock, nanoTime);
        deletes = new DeleteRequests(config, spool, nanoTime);
        rewritten = new RewrittenChunks(config, spool, deletes);
        open = new OpenSegment(config, spool, clock, memory.taken(), unwhole, rewritten, numbers);
        intake = new ChunkIntake(config, spool, losses, firstStart, memory.taken(), unwhole, rewritten, open);
        loki = new RunningLoki(config, nanoTime);
        room = room(SpoolLimits.NONE);
    }

    private SpoolRoom room(SpoolLimits limits) {
        SpoolRoom.FreeSpace space = SpoolRoom.FreeSpace.of(spool.dir());
        return new SpoolRoom(spool, limits, space, losses, () -> sending, Rewriter.HERE);
    }

    /// Opens the spool.
    ///
    /// @param clock dates segments and loss records
    public static LokiSource open(LokiConfig config, String site, InstantSource clock) throws IOException {
        return open(config, site, clock, System::nanoTime, Disk.system());
    }

    /// As [#open], with the time and on a disk that a test wants.
    public static LokiSource open(LokiConfig config, String site, InstantSource clock, LongSupplier nanoTime, Disk disk)
            throws IOException {
        Spool spool = Spool.open(config.spool(), disk, InstantSource.system());
        try {
            Losses losses = new Losses(site, spool.incarnation(), clock);
            return new LokiSource(config, spool, losses, clock, nanoTime);
        } catch (IOException | RuntimeException | Error e) {
            spool.close();
            throw e;
        }
    }

    public LokiConfig config() {
        return config;
    }

    /// From now on the spool is kept within limits.
    public void keepWithin(SpoolLimits limits) {
        room = room(limits);
    }

    /// From now on whatever was linked is sealed in the same scan: for a run with an end.
    public void sealAtOnce() {
        sealsAtOnce = true;
    }

    /// Sends this source's segments by `transport`, looking after their chunks.
    public Transport guard(Transport transport) {
        return new WholeChunkTransport(transport, new WholeChunks(new ChunkTree(config.path()), spool, losses));
    }

    /// Chunks that were not shipped because a rule drops their stream, since the agent began.
    public long droppedChunks() {
        return intake.dropped();
    }

    /// Files that were no whole chunk at the last scan.
    public long unwholeChunks() {
        return unwholeChunks;
    }

    /// Chunks that stand for ones that were shipped before, less what a delete request took out, since the
    /// agent began.
    public long rewrittenChunks() {
        return rewritten.count();
    }

    /// What Loki was asked to delete, as far as it is known.
    public int deleteRequests() {
        return deletes.count();
    }

    @Override
    public Optional<byte[]> deleteRequestsForTheCentre() {
        return deletes.export();
    }

    @Override
    public List<String> remarks() {
        return deletes.count() == 0
                ? List.of()
                : List.of(
                        ("the Loki of %s has %d delete request(s): what was shipped before keeps its lines at the centre "
                                        + "until the central Loki is asked too (delete-requests.jsonl in the logs' bucket)")
                                .formatted(path(), deletes.count()));
    }

    @Override
    public List<String> scan() throws IOException {
        Optional<String> mismatch = loki.mismatch();
        if (mismatch.isPresent() && stopped.isEmpty()) {
            LOG.error("source is stopped", "source", path(), "why", mismatch.get());
        }
        stopped = mismatch;
        if (mismatch.isPresent()) {
            return List.of(mismatch.get());
        }
        try {
            return lookAndSeal();
        } catch (IOException e) {
            room.make(false); // a disk without room may be what is wrong
            throw e;
        }
    }

    private List<String> lookAndSeal() throws IOException {
        memory.takeBack();
        deletes.askNowAndThen();
        long segments = numbers.next();
        boolean mayBeSealed = (sealsAtOnce || open.isDue()) && loki.isFlushed();
        Instant began = clock.instant();
        ChunkIntake.Look look = intake.look(admission());
        unwholeChunks = look.waiting();
        if (mayBeSealed || look.refused() > 0) { // a full spool has to be shipped from
            open.seal(look.isComplete() ? completeThrough(began) : 0);
        }
        if (numbers.next() != segments) {
            loki.sealed();
            memory.keep();
        }
        forgetShipped();
        long evicted = room.evictedItems();
        room.make(look.refused() > 0);
        if (room.evictedItems() != evicted) {
            memory.keep(); // what was given up with an open segment is not taken again
        }
        return look.failed().entrySet().stream()
                .map(one -> one.getKey() + ": " + one.getValue())
                .toList();
    }

    private LongPredicate admission() throws IOException {
        synchronized (spool) {
            return room.chunkAdmission();
        }
    }

    /// Lines that came before are no longer in Loki's memory only; 0 where Loki did not say how long they may be.
    private long completeThrough(Instant looked) {
        return loki.chunkDelay()
                .map(delay -> looked.minus(delay).toEpochMilli())
                .orElse(0L);
    }

    private void forgetShipped() throws IOException {
        List<ShippedRecord> records = spool.shippedRecords().stream()
                .sorted(Comparator.comparing(ShippedRecord::shippedAt).reversed())
                .skip(SHIPPED_RECORDS_MAX)
                .toList();
        for (ShippedRecord record : records) {
            spool.forgetShipped(record.id());
        }
    }

    @Override
    public Path path() {
        return config.path();
    }

    @Override
    public int priority() {
        return config.priority();
    }

    @Override
    public Spool spool() {
        return spool;
    }

    @Override
    public Optional<String> strange() {
        try (DirectoryStream<Path> names = Files.newDirectoryStream(config.path())) {
            return names.iterator().hasNext()
                    ? Optional.empty()
                    : Optional.of("empty: the path, or the volume's subPath, is most likely wrong");
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Optional<String> stopped() {
        return stopped;
    }

    @Override
    public Optional<BlockId> sending() {
        return sending;
    }

    @Override
    public void sending(Optional<BlockId> id) {
        sending = id;
    }

    @Override
    public Loss lossOf(Item item, Loss.Reason why, String detail) {
        return losses.ofLines(item.id(), item.range(), why, detail);
    }

    @Override
    public Optional<String> full() {
        return room.full();
    }

    @Override
    public SpoolUse spoolUse() {
        return room.use();
    }

    @Override
    public SpoolLimits spoolLimits() {
        return room.limits();
    }

    @Override
    public long evictedItems() {
        return room.evictedItems();
    }

    @Override
    public void close() throws IOException {
        spool.close();
    }
}
