package io.edgeship.it;

import io.edgeship.block.BlockId;
import io.edgeship.block.rewrite.RewriteOrder;
import io.edgeship.block.rewrite.RewrittenBlock;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ForwardingBucket;
import io.edgeship.bucket.StoreClock;
import io.edgeship.queue.Incoming;
import io.edgeship.queue.Item;
import io.edgeship.queue.Spool;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.link.PieceSizing;
import io.edgeship.queue.quota.OnFull;
import io.edgeship.queue.quota.SpoolLimits;
import io.edgeship.queue.transport.Transport;
import io.edgeship.queue.transport.UploadProgress;
import io.edgeship.queue.transport.inbox.InboxTransport;
import io.edgeship.queue.transport.plain.PlainConfig;
import io.edgeship.queue.transport.plain.PlainTransport;
import io.edgeship.ship.Backfill;
import io.edgeship.ship.Confirmations;
import io.edgeship.ship.FutureSamples;
import io.edgeship.ship.Lane;
import io.edgeship.ship.LinkUse;
import io.edgeship.ship.PrometheusSource;
import io.edgeship.ship.ShipEvents;
import io.edgeship.ship.ShipLoop;
import io.edgeship.ship.ShippingOrder;
import io.edgeship.ship.SiteReports;
import io.edgeship.ship.SourceConfig;
import io.edgeship.ship.pack.PackConfig;
import io.edgeship.ship.pack.PackMeter;
import io.edgeship.ship.pack.Packer;
import io.edgeship.ship.rewrite.Rewriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/// An agent's real parts in a scenario: it may be killed at any request and while it writes a block anew, and be
/// down for a while.
final class ScenarioSite implements AutoCloseable {
    static final String SITE = "barn-3";

    private static final ShipEvents UNHEARD = new ShipEvents() {
        @Override
        public void shipped(Item item, long bytesSent, boolean alreadyThere) {}

        @Override
        public void delivered(Item item, long bytesSent) {}

        @Override
        public void packRejected(Item item, String reason) {}

        @Override
        public void failed(Item item, Exception cause) {}

        @Override
        public void quarantined(Item item, String reason) {}
    };

    private final Path dataDir;
    private final Setup setup;
    private final MeddlingBucket store;
    private final SimulatedTime time;
    private final InstantSource machine;
    private final Random random;
    private Optional<Running> running = Optional.empty();
    private final Linked linked;
    private boolean linkUp = true;
    private boolean calm;

    private record Running(PrometheusSource source, ShipLoop loop) {}

    /// Hears of each file of a block before it is linked.
    @FunctionalInterface
    interface Linked {
        void block(BlockId id) throws IOException;
    }

    /// @param inbox          whether through the inbox, else plain
    /// @param packs          of blocks, where through the inbox
    /// @param centreEdgeship whether the centre merges late blocks, else a stock Thanos
    record Setup(
            boolean inbox, PackConfig packs, boolean centreEdgeship, SpoolLimits limits, FutureSamples.Policy future) {
        /// Only our own centre fills the holes that thinning leaves.
        ///
        /// @param forPacks another one, so that the rest of a seed's life does not depend on it
        static Setup draw(Random random, Random forPacks) {
            boolean inbox = random.nextBoolean();
            List<PackConfig> packs = List.of(PackConfig.NONE, new PackConfig(true, false), new PackConfig(true, true));
            PackConfig pack = inbox ? packs.get(forPacks.nextInt(packs.size())) : PackConfig.NONE;
            boolean centreEdgeship = random.nextBoolean();
            SpoolLimits limits = SpoolLimits.NONE;
            if (random.nextInt(3) == 0) {
                List<OnFull> choices = List.of(OnFull.values());
                OnFull onFull = choices.get(random.nextInt(centreEdgeship ? 3 : 2));
                limits = new SpoolLimits(random.nextInt(3, 15) * 1000L, 0, onFull);
            }
            FutureSamples.Policy future =
                    random.nextInt(4) == 0 ? FutureSamples.Policy.HOLD : FutureSamples.Policy.REPORT;
            return new Setup(inbox, pack, centreEdgeship, limits, future);
        }
    }

    /// @param machine the clock of the machine, which may be wrong
    ScenarioSite(
            Path dataDir,
            Setup setup,
            MeddlingBucket store,
            SimulatedTime time,
            InstantSource machine,
            Random random,
            Linked linked) {
        this.linked = linked;
        this.dataDir = dataDir;
        this.setup = setup;
        this.store = store;
        this.time = time;
        this.machine = machine;
        this.random = random;
    }

    void link(boolean up) {
        linkUp = up;
    }

    void calmDown() throws IOException {
        calm = true;
        linkUp = true;
        store.calmDown();
        kill();
    }

    private Running running() throws IOException {
        if (running.isEmpty()) {
            running = Optional.of(start());
        }
        return running.get();
    }

    private Running start() throws IOException {
        SourceConfig config = new SourceConfig(
                dataDir,
                Optional.empty(),
                new TreeMap<>(),
                0,
                dataDir.resolve(Spool.DIRECTORY_NAME),
                new Backfill.All());
        Disk disk = calm ? Disk.system() : MeddlingDisk.on(Disk.system(), random, linked);
        PrometheusSource source = PrometheusSource.open(config, "site", SITE, machine, disk);
        ScenarioLink link = new ScenarioLink(new StoreClock(machine, time::nanos));
        source.sealWith(this::rewrite, setup.centreEdgeship());
        source.packWith(new ScenarioPacker(), setup.packs(), ShippingOrder.OLDEST_FIRST, new PackMeter());
        source.keepWithin(calm ? SpoolLimits.NONE : setup.limits(), this::rewrite);
        source.noticeFuture(new FutureSamples(setup.future(), FutureSamples.DEFAULT.tolerance()), link.clock());
        Confirmations confirmations = new Confirmations(UploadProgress.NONE);
        ShipLoop loop = new ShipLoop(
                List.of(new Lane(source, transport(source.spool(), link, confirmations, disk), !setup.inbox())),
                new ShipLoop.Tools(
                        link,
                        LinkUse.FREE,
                        random.nextBoolean() ? ShippingOrder.OLDEST_FIRST : ShippingOrder.FRESHEST_FIRST,
                        UNHEARD,
                        new SiteReports(SITE, link),
                        confirmations,
                        machine,
                        random));
        return new Running(source, loop);
    }

    private Transport transport(Spool spool, ScenarioLink link, Confirmations confirmations, Disk disk) {
        if (setup.inbox()) {
            int pieceBytes = 400 + random.nextInt(3000);
            PieceSizing sizing = new PieceSizing(pieceBytes, pieceBytes, () -> 0);
            return new InboxTransport(
                    link, SITE, spool.incarnation(), "1", sizing, confirmations, Duration.ofHours(6), disk);
        }
        PlainConfig config = PlainConfig.DEFAULT;
        return new PlainTransport(link, config, config.sizing(() -> 0), () -> 0, confirmations, disk);
    }

    private Optional<RewrittenBlock> rewrite(RewriteOrder order, Path out) throws IOException {
        begin();
        Optional<RewrittenBlock> block = Rewriter.HERE.rewrite(order, out);
        end();
        return block;
    }

    /// Whoever makes a large file may find no room.
    private void begin() throws IOException {
        if (!calm && random.nextInt(10) == 0) {
            throw new IOException("No space left on device");
        }
    }

    private void end() {
        if (!calm && random.nextInt(12) == 0) {
            throw new MeddlingBucket.Killed();
        }
    }

    /// The agent is killed behind its work at times.
    private final class ScenarioPacker implements Packer {
        @Override
        public void pack(Path item, Path pack) throws IOException {
            begin();
            HERE.pack(item, pack);
            end();
        }

        @Override
        public void unpack(Path pack, Path block) throws IOException {
            begin();
            HERE.unpack(pack, block);
            end();
        }
    }

    /// Takes and seals; killed amid it, the agent is down until it is asked for the next time.
    ///
    /// @return whether it could take all that there was
    boolean scan() throws IOException {
        try {
            return running().source().scan().stream()
                    .allMatch(failure -> failure.contains("not sealed") || failure.contains("unpacked"));
        } catch (MeddlingBucket.Killed _) {
            kill();
        } catch (IOException e) {
            mayFail(e);
        }
        return false;
    }

    /// While its disk has no room at times.
    private void mayFail(IOException e) throws IOException {
        if (calm) {
            throw e;
        }
    }

    /// Ships what it can.
    void ship() throws IOException {
        try {
            running().loop().expectReceipts();
            var _ = running().loop().run();
        } catch (MeddlingBucket.Killed _) {
            kill();
        } catch (IOException e) {
            mayFail(e);
        }
    }

    void kill() throws IOException {
        if (running.isPresent()) {
            running.get().source().close();
            running = Optional.empty();
        }
    }

    PrometheusSource source() throws IOException {
        return running().source();
    }

    /// Nothing is left to be shipped but what is held.
    boolean isDone() throws IOException {
        PrometheusSource source = source();
        return source.spool().ready().stream().map(Item::id).allMatch(source.held()::containsKey)
                && source.waiting().isEmpty()
                && source.spool().incoming().stream().map(Incoming::id).allMatch(source.held()::containsKey);
    }

    @Override
    public void close() throws IOException {
        kill();
    }

    /// Comes and goes, and tells the true time.
    private final class ScenarioLink extends ForwardingBucket {
        private final StoreClock clock;

        ScenarioLink(StoreClock clock) {
            super(store);
            this.clock = clock;
        }

        @Override
        public StoreClock clock() {
            return clock;
        }

        @Override
        protected <T> T around(Call call, Work<T> work) throws BucketException {
            if (!linkUp) {
                throw new BucketException.Unavailable(call + ": no route to host", null);
            }
            T result = work.on(inner());
            clock.saw(time.instant());
            return result;
        }
    }
}
