package io.edgeship.queue.transport.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.memory.MemoryDirectory;
import io.edgeship.queue.Blocks;
import io.edgeship.queue.Item;
import io.edgeship.queue.Steps;
import io.edgeship.queue.link.PieceSizing;
import io.edgeship.queue.transport.Transport.Answer;
import io.edgeship.queue.transport.UploadProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Agent and centre together: whatever happens between and behind them, every item is accepted once, with equal bytes.
class InboxScenarioTest {
    private static final long SEED = 20_261_150;
    private static final int SCENARIOS = 12;
    private static final int ROUNDS_MAX = 3000;
    private static final int PIECE = 400;

    @TempDir(factory = MemoryDirectory.class)
    Path dir;

    /// Between two steps an agent changes nothing but its ledger: killed there, and with the ledger's last record torn
    /// at some byte, it has been killed everywhere.
    @Test
    void finishesWhereverItIsKilled() throws IOException {
        Steps steps = new Steps();
        steps.killNever();
        new Agent(dir.resolve("whole"), steps).live("never killed");
        int stepCount = steps.count();
        assertThat(stepCount).isGreaterThan(20);
        for (int step = 1; step <= stepCount; step++) {
            int torn = step % 3 == 0 ? 0 : step % 37;
            String where = "killed at step %d of %d, %d bytes torn".formatted(step, stepCount, torn);
            Agent agent = new Agent(dir.resolve("killed-" + step), steps);
            steps.killAt(step);
            agent.liveUntilKilled(where);
            agent.tear(torn);
            steps.killNever();
            agent.live(where);
            assertThat(agent.store.puts()).as(where).hasSizeLessThanOrEqualTo(agent.pieces() + 4 + (torn > 0 ? 2 : 0));
        }
    }

    @Test
    void finishesWhereverItsLedgerIsCut() throws IOException {
        Steps steps = new Steps();
        steps.killNever();
        Agent whole = new Agent(dir.resolve("whole"), steps);
        whole.live("never killed");
        byte[] ledger = Files.readAllBytes(whole.ledgerFile());
        for (int cut = 0; cut <= ledger.length; cut += 7) {
            Files.write(whole.ledgerFile(), Arrays.copyOf(ledger, cut));
            whole.live("ledger cut at byte " + cut);
        }
    }

    @Test
    void everyItemIsAcceptedOnceWithEqualBytesWhateverHappens() throws IOException {
        for (int i = 0; i < SCENARIOS; i++) {
            new Scenario(Files.createDirectory(dir.resolve("scenario-" + i)), SEED + i).run();
        }
    }

    private static InboxTransport transport(Bucket bucket, int pieceBytes) {
        return new InboxTransport(
                bucket,
                InboxStore.SITE,
                InboxStore.INCARNATION,
                "1.2.3",
                new PieceSizing(pieceBytes, pieceBytes, () -> 0),
                UploadProgress.NONE);
    }

    /// One item, one lost piece, and an agent that can be killed.
    private static final class Agent {
        final InboxStore store = new InboxStore();
        final FakeCentre centre = new FakeCentre(store);
        private final Steps steps;
        private final Item item;
        private final byte[] stream;
        private boolean pieceLost;

        Agent(Path home, Steps steps) throws IOException {
            this.steps = steps;
            item = SealedItems.write(Files.createDirectories(home), Blocks.A, 1000);
            stream = SealedItems.stream(item);
        }

        int pieces() {
            return Math.ceilDiv(stream.length, PIECE);
        }

        Path ledgerFile() {
            return item.dir().resolve(PieceLedger.FILE_NAME);
        }

        void liveUntilKilled(String where) throws IOException {
            try {
                live(where);
            } catch (Steps.Killed _) {
                return; // as it was told
            }
            throw new AssertionError(where + ": was not");
        }

        void live(String where) throws IOException {
            InboxTransport transport = transport(steps.on(store.bucket()), PIECE);
            for (int round = 0; round < 20; round++) {
                if (!transport.isAwaited(item)) {
                    transport.ship(item);
                }
                if (!pieceLost && centre.accepted.isEmpty()) {
                    pieceLost = true;
                    store.objects.remove(store.pieceKeys().get(2));
                }
                centre.cycle(item.id());
                if (transport.poll(item) instanceof Answer.Accepted) {
                    assertThat(centre.acceptances).as(where).containsExactly(item.id());
                    assertThat(centre.accepted.get(item.id())).as(where).isEqualTo(stream);
                    return;
                }
            }
            throw new AssertionError(where + ": not accepted in 20 rounds");
        }

        void tear(int bytes) throws IOException {
            if (Files.exists(ledgerFile())) {
                byte[] ledger = Files.readAllBytes(ledgerFile());
                Files.write(ledgerFile(), Arrays.copyOf(ledger, Math.max(0, ledger.length - bytes)));
            }
        }
    }

    /// Requests get lost before and after their effect, arrive late and twice; pieces vanish; the agent starts anew;
    /// the link wants other pieces; the centre comes when it comes.
    private static final class Scenario {
        private final Random random;
        private final String where;
        private final InboxStore store = new InboxStore();
        private final FakeCentre centre = new FakeCentre(store);
        private final Map<BlockId, Item> left = new LinkedHashMap<>();
        private final Map<BlockId, byte[]> streams = new HashMap<>();
        private final List<Map.Entry<String, byte[]>> late = new ArrayList<>();
        private InboxTransport transport;
        private boolean calm;

        Scenario(Path home, long seed) throws IOException {
            random = new Random(seed);
            where = "seed " + seed;
            for (BlockId id : List.of(Blocks.A, Blocks.B, Blocks.C)) {
                Item item = SealedItems.write(home, id, 1 + random.nextInt(1500));
                left.put(id, item);
                streams.put(id, SealedItems.stream(item));
            }
            transport = restart();
            store.trouble = new Troubles();
        }

        private InboxTransport restart() {
            return transport(store.bucket(), 100 + random.nextInt(900));
        }

        void run() throws IOException {
            for (int round = 0; !left.isEmpty(); round++) {
                assertThat(round).as(where).isLessThan(ROUNDS_MAX);
                calm = round > ROUNDS_MAX / 2;
                for (Item item : List.copyOf(left.values())) {
                    agent(item);
                    if (random.nextInt(3) == 0) {
                        centre.cycle(item.id());
                    }
                    behindTheirBacks();
                }
            }
            assertThat(centre.acceptances).as(where).doesNotHaveDuplicates().hasSameElementsAs(streams.keySet());
            streams.forEach((id, stream) ->
                    assertThat(centre.accepted.get(id)).as(where).isEqualTo(stream));
        }

        private void agent(Item item) throws IOException {
            try {
                if (!transport.isAwaited(item)) {
                    transport.ship(item);
                } else if (transport.poll(item) instanceof Answer.Accepted) {
                    assertThat(centre.accepted).as(where).containsKey(item.id());
                    left.remove(item.id());
                }
            } catch (BucketException.Unavailable _) {
                return; // the next round tries again
            }
        }

        private void behindTheirBacks() {
            if (!late.isEmpty() && random.nextInt(5) == 0) {
                var arriving = late.remove(random.nextInt(late.size()));
                store.store(arriving.getKey(), arriving.getValue());
            }
            List<String> pieces = store.pieceKeys();
            if (!calm && !pieces.isEmpty() && random.nextInt(12) == 0) {
                store.objects.remove(pieces.get(random.nextInt(pieces.size())));
            }
            if (random.nextInt(10) == 0) {
                transport = restart();
            }
        }

        private final class Troubles implements InboxStore.Trouble {
            @Override
            public void before(String request, byte @Nullable [] body) throws BucketException {
                if (!calm && random.nextInt(12) == 0) {
                    remember(body);
                    throw new BucketException.Unavailable(request + ": lost or late", null);
                }
            }

            @Override
            public void after(String request, byte @Nullable [] body) throws BucketException {
                if (!calm && random.nextInt(20) == 0) {
                    remember(body);
                }
                if (!calm && random.nextInt(12) == 0) {
                    throw new BucketException.Unavailable(request + ": reply lost", null);
                }
            }

            /// The request will arrive once more, some day.
            private void remember(byte @Nullable [] body) {
                if (body != null && random.nextBoolean()) {
                    late.add(Map.entry(store.lastKey, body));
                }
            }
        }
    }
}
