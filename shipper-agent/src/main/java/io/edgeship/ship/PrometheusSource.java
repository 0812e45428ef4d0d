package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.bucket.StoreClock;
import io.edgeship.queue.Item;
import io.edgeship.queue.Spool;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.quota.SpoolLimits;
import io.edgeship.queue.quota.SpoolUse;
import io.edgeship.runtime.log.Log;
import io.edgeship.ship.pack.PackConfig;
import io.edgeship.ship.pack.PackMeter;
import io.edgeship.ship.pack.Packer;
import io.edgeship.ship.rewrite.Rewriter;
import io.edgeship.ship.seal.ShippedWindows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One Prometheus data directory: finds its finished blocks, links them into the spool at once, then verifies and
/// seals what is linked. Changes that depend on what the spool holds are made under the spool's monitor, so that
/// scanning and shipping may run side by side.
public final class PrometheusSource implements Source {
    private static final Log LOG = Log.of(PrometheusSource.class);

    /// What a Prometheus data directory has and an empty mount has not.
    private static final List<String> SIGNS = List.of("wal", "lock", "queries.active", "chunks_head");

    private final SourceConfig config;
    private final Spool spool;
    private final ShipperStateFile stateFile;
    private final Losses losses;
    private final Instant firstStart;
    private final Lineages lineages;
    private final Intake intake;
    private final GoneBlocks gone;
    private final Sealing sealing;
    private final Packing packing;
    private final OverlapGuard overlaps;
    private volatile FutureGuard future;
    private volatile SpoolRoom room;
    private boolean begun;
    private volatile Optional<BlockId> sending = Optional.empty();
    private volatile Map<BlockId, String> held = Map.of();
    private volatile Map<BlockId, String> waiting = Map.of();
    private volatile Optional<String> stopped = Optional.empty();

    private PrometheusSource(
            SourceConfig config,
            Spool spool,
            ExternalLabels labels,
            Losses losses,
            InstantSource clock,
            Instant firstStart,
            Disk disk) {
        this.config = config;
        this.spool = spool;
        this.losses = losses;
        this.firstStart = firstStart;
        stateFile = new ShipperStateFile(config.path(), spool, disk);
        lineages = new Lineages(spool);
        intake = new Intake(config.path(), spool, spool::take, losses);
        gone = new GoneBlocks(spool, new ShippedWindows(spool));
        sealing = new Sealing(config, spool, labels, losses, clock, () -> sending);
        packing = new Packing(spool, losses, () -> sending);
        overlaps = new OverlapGuard(spool);
        future = FutureGuard.timeless(spool);
        room = room(SpoolLimits.NONE, Rewriter.HERE);
    }

    private SpoolRoom room(SpoolLimits limits, Rewriter rewriter) {
        return new SpoolRoom(spool, limits, SpoolRoom.FreeSpace.of(spool.dir()), losses, () -> sending, rewriter);
    }

    /// Opens the spool and, first thing, writes the file that Prometheus waits for. A sidecar's list is taken over.
    public static PrometheusSource open(SourceConfig config, String siteLabel, String site, InstantSource clock)
            throws IOException {
        return open(config, siteLabel, site, clock, Disk.system());
    }

    /// As [#open], on a disk that a test wants.
    public static PrometheusSource open(
            SourceConfig config, String siteLabel, String site, InstantSource clock, Disk disk) throws IOException {
        Spool spool = Spool.open(config.spool(), disk, InstantSource.system());
        try {
            ExternalLabels labels = new ExternalLabels(config, spool, siteLabel, site);
            Losses losses = new Losses(site, spool.incarnation(), clock);
            Instant firstStart = FirstStart.of(spool, clock);
            PrometheusSource source = new PrometheusSource(config, spool, labels, losses, clock, firstStart, disk);
            source.begin();
            return source;
        } catch (IOException | RuntimeException | Error e) {
            spool.close();
            throw e;
        }
    }

    /// Another writer of the file stops this source and no other.
    private boolean begin() throws IOException {
        try {
            if (begun) {
                stateFile.requireOurs();
            } else {
                new Adoption(config.path(), spool, firstStart).adopt(stateFile.begin());
                begun = true;
            }
            stopped = Optional.empty();
            return true;
        } catch (ShipperStateFile.ForeignWriterException e) {
            if (stopped.isEmpty()) {
                LOG.error("source is stopped", e, "source", config.path());
            }
            stopped = Optional.ofNullable(e.getMessage());
            return false;
        }
    }

    /// From now on blocks of the future are noticed.
    public void noticeFuture(FutureSamples samples, StoreClock clock) {
        future = new FutureGuard(samples, clock, spool);
        sealing.guard(future);
    }

    /// From now on the spool is kept within limits.
    ///
    /// @param rewriter makes 5-minute blocks, where the limits want them
    public void keepWithin(SpoolLimits limits, Rewriter rewriter) {
        room = room(limits, rewriter);
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
    public long thinnedItems() {
        return room.thinnedItems();
    }

    @Override
    public int futureBlocks() throws IOException {
        return future.count();
    }

    /// Lets a block that is held for its future times be shipped; the next scan does.
    ///
    /// @param spool opened by the caller
    public static void allowFuture(Spool spool, BlockId id) throws IOException {
        FutureGuard.allow(spool, id);
    }

    public SourceConfig config() {
        return config;
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
    public Optional<String> strange() {
        boolean looksRight = SIGNS.stream().anyMatch(sign -> Files.exists(path().resolve(sign)));
        return looksRight
                ? Optional.empty()
                : Optional.of("no wal/ there: the path, or the volume's subPath, is most likely wrong");
    }

    @Override
    public Loss lossOf(Item item, Loss.Reason why, String detail) throws IOException {
        return losses.of(item.id(), item.meta(), why, detail);
    }

    @Override
    public Spool spool() {
        return spool;
    }

    public Losses losses() {
        return losses;
    }

    /// When an agent first worked on this spool, by this machine's clock.
    Instant firstStart() {
        return firstStart;
    }

    @Override
    public Map<BlockId, String> held() {
        return held;
    }

    @Override
    public Map<BlockId, String> waiting() {
        return waiting;
    }

    /// From now on blocks are written anew by `rewriter`.
    ///
    /// @param centreMergesLate whether a block may be sent into a window that was shipped
    public void sealWith(Rewriter rewriter, boolean centreMergesLate) {
        sealing.rewriting().by(rewriter);
        sealing.lateMayGo(centreMergesLate);
        overlaps.lateMayGo(centreMergesLate);
    }

    /// From now on sealed blocks get their packs.
    ///
    /// @param order in which they are to be shipped
    public void packWith(Packer packer, PackConfig config, ShippingOrder order, PackMeter meter) {
        packing.with(new Packing.Tools(config, order, packer, meter));
        sealing.rewriting().unpackBy(packer);
    }

    @Override
    public boolean isForThePacker(Item item) throws IOException {
        return packing.holds(item);
    }

    @Override
    public void letGoOfPack(Item item) throws IOException {
        synchronized (spool) {
            if (item.hasFiles()) {
                spool.packs().drop(item.id());
            }
        }
    }

    @Override
    public Optional<String> barred(Item item) throws IOException {
        return overlaps.barred(item);
    }

    @Override
    public boolean isWrittenAnew(BlockId id) {
        return sealing.rewriting().isUnderWay(id);
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
    public List<String> scan() throws IOException {
        try {
            return takeAndSeal();
        } catch (IOException e) {
            room.make(false); // a disk without room may be what is wrong
            throw e;
        }
    }

    private List<String> takeAndSeal() throws IOException {
        Intake.Taken taken;
        synchronized (spool) {
            Optional<Intake.Taken> linked = link();
            if (linked.isEmpty()) {
                return List.of(stopped.orElseThrow());
            }
            taken = linked.get();
            gone.forget(taken.there());
        }
        Map<BlockId, String> waits = new HashMap<>();
        sealing.run(new Sealing.Run(this::look, taken.held(), waits, taken.failed()));
        waits.forEach((id, reason) -> {
            if (!waiting.containsKey(id)) {
                LOG.info("block waits", "block", id, "reason", reason);
            }
        });
        waiting = Map.copyOf(waits);
        overlaps.report(taken.held());
        taken.failed().addAll(packing.run());
        taken.held().forEach((id, reason) -> {
            if (!held.containsKey(id)) {
                LOG.warn("block held back", "block", id, "reason", reason);
            }
        });
        held = Map.copyOf(taken.held());
        room.make(!taken.refused().isEmpty()); // last: a merged block has taken its parents' place by now
        return List.copyOf(taken.failed());
    }

    /// Takes what is new and tells Prometheus, while sealing goes on. Called by the scanning thread.
    public void takeNew() throws IOException {
        synchronized (spool) {
            link();
        }
    }

    private Optional<Intake.Taken> link() throws IOException {
        if (!begin()) {
            return Optional.empty(); // this source is stopped
        }
        Intake.Taken taken = intake.take(this::look, room::admission);
        stateFile.write(taken.safe());
        return Optional.of(taken);
    }

    private BlockChooser look() throws IOException {
        return BlockChooser.look(lineages, sending, config.backfill(), firstStart);
    }

    /// Writes what the bucket confirmed into the file that Prometheus waits for: the agent lets go of this
    /// source. A block that was written anew is there under another name: unlisted, a sidecar would ship its
    /// samples once more.
    @Override
    public void release() throws IOException {
        synchronized (spool) {
            Set<BlockId> confirmed = lineages.confirmed();
            stateFile.write(BlockScan.of(config.path()).blocks().stream()
                    .map(Found::meta)
                    .filter(meta -> isConfirmed(confirmed, meta.compaction().sources()))
                    .map(BlockMeta::id)
                    .toList());
        }
    }

    private static boolean isConfirmed(Set<BlockId> confirmed, List<BlockId> sources) {
        return !sources.isEmpty() && confirmed.containsAll(sources);
    }

    @Override
    public void close() throws IOException {
        spool.close();
    }
}
