package io.edgeship.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.link.PieceSizing;
import io.edgeship.queue.transport.Transport;
import io.edgeship.queue.transport.UploadProgress;
import io.edgeship.queue.transport.inbox.FakeCentre;
import io.edgeship.queue.transport.inbox.InboxStore;
import io.edgeship.queue.transport.inbox.InboxTransport;
import io.edgeship.queue.transport.plain.MemoryBucket;
import io.edgeship.queue.transport.plain.PlainConfig;
import io.edgeship.queue.transport.plain.PlainTransport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/// All that an agent does with blocks on a disk: takes, seals, writes them anew, thins, evicts, sets aside, ships
/// through either transport. What is to become of each block is drawn beforehand, so at the end it can be told, byte
/// by byte, whether all is where it should be. The source deletes a block as soon as the spool has it: what the spool
/// loses is lost.
final class AgentLife {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final int BLOCKS = 7;
    private static final int PIECE = 250;

    private final Path source;
    private final Path spoolDir;
    private final boolean inbox;
    private final Steps steps;
    private final MemoryBucket bucket = new MemoryBucket();
    private final InboxStore store = new InboxStore();
    private final FakeCentre centre = new FakeCentre(store);
    private final Map<BlockId, Fate> fates = new HashMap<>();
    private final Map<BlockId, byte[]> chunks = new HashMap<>();

    private enum Fate {
        SHIPPED,
        MERGED,
        THINNED,
        EVICTED,
        EVICTED_FROM_QUARANTINE
    }

    /// @param steps are told of the requests
    AgentLife(Path home, long seed, Steps steps) throws IOException {
        Random random = new Random(seed);
        this.steps = steps;
        source = Files.createDirectories(home.resolve("source"));
        spoolDir = home.resolve("spool");
        inbox = random.nextBoolean();
        for (int i = 0; i < BLOCKS; i++) {
            BlockId id = BlockId.parse("01J000000000000000000000A" + i);
            Path block = Blocks.write(source, id, 300 + random.nextInt(300));
            chunks.put(id, Files.readAllBytes(block.resolve("chunks/000001")));
            fates.put(id, Fate.values()[random.nextInt(Fate.values().length)]);
        }
    }

    Spool open(Disk disk) throws IOException {
        return Spool.open(spoolDir, disk, InstantSource.fixed(NOW));
    }

    /// Does all there is to do.
    ///
    /// @param prometheus deletes a block of the source for good
    void live(Spool spool, Disk disk, Deletion prometheus) throws IOException {
        for (BlockId id : new TreeSet<>(fates.keySet())) {
            take(spool, id, prometheus);
        }
        rewrite(spool, disk);
        for (Incoming item : spool.incoming()) {
            if (fates.get(item.id()) == Fate.EVICTED_FROM_QUARANTINE) {
                spool.quarantine(item.id(), Blocks.loss(item.id(), Loss.Reason.REASON_CORRUPT));
            } else {
                spool.seal(item.id(), Blocks.sealed(item.id(), item.dir()));
            }
        }
        for (Item item : spool.ready()) {
            giveWay(spool, disk, item.id());
        }
        for (Quarantined item : spool.quarantined()) {
            spool.drop(item.id(), Blocks.loss(item.id(), Loss.Reason.REASON_EVICTED));
        }
        ship(spool, disk);
    }

    interface Deletion {
        void delete(Path block) throws IOException;
    }

    private void take(Spool spool, BlockId id, Deletion prometheus) throws IOException {
        Path block = source.resolve(id.toString());
        if (Files.exists(block)) {
            if (spool.find(id).isEmpty()) {
                spool.take(id, block);
            }
            prometheus.delete(block);
        }
    }

    private void rewrite(Spool spool, Disk disk) throws IOException {
        List<BlockId> parents = of(Fate.MERGED);
        if (!parents.isEmpty() && spool.find(parents.getFirst()).equals(Optional.of(Place.INCOMING))) {
            spool.takeRewritten(write(spool, disk, merged(), bytesOfMerged()), parents, parents);
        }
    }

    private void giveWay(Spool spool, Disk disk, BlockId id) throws IOException {
        switch (fates.getOrDefault(id, Fate.SHIPPED)) {
            case EVICTED -> spool.drop(id, Blocks.loss(id, Loss.Reason.REASON_EVICTED));
            case THINNED -> {
                Path dir = write(spool, disk, thinned(id), bytesOfThinned(id));
                Loss loss = Blocks.loss(id, Loss.Reason.REASON_THINNED);
                Incoming taken = spool.takeThinned(dir, List.of(id), id, loss);
                spool.seal(taken.id(), Blocks.sealed(taken.id(), taken.dir()));
            }
            case SHIPPED, MERGED, EVICTED_FROM_QUARANTINE -> {}
        }
    }

    /// As the rewriter does: every file is forced before the directory has its name.
    private static Path write(Spool spool, Disk disk, BlockId id, byte[] chunks) throws IOException {
        Path tmp = spool.workshop().resolve(id + ".tmp");
        Path dir = spool.workshop().resolve(id.toString());
        deleteTree(disk, tmp);
        deleteTree(disk, dir);
        disk.createDirectory(tmp);
        disk.createDirectory(tmp.resolve("chunks"));
        disk.write(tmp.resolve("chunks/000001"), chunks);
        disk.forceDirectory(tmp.resolve("chunks"));
        disk.write(tmp.resolve("index"), Arrays.copyOf(chunks, 50));
        disk.write(tmp.resolve("meta.json"), Blocks.meta(id).toJson());
        disk.forceDirectory(tmp);
        disk.move(tmp, dir);
        disk.forceDirectory(spool.workshop());
        return dir;
    }

    private static void deleteTree(Disk disk, Path path) throws IOException {
        if (Files.isDirectory(path)) {
            try (var children = Files.list(path)) {
                for (Path child : children.toList()) {
                    deleteTree(disk, child);
                }
            }
        }
        disk.delete(path);
    }

    private void ship(Spool spool, Disk disk) throws IOException {
        Transport transport = transport(disk);
        for (Item item : spool.ready()) {
            if (!transport.isAwaited(item)) {
                transport.ship(item);
            }
            centre.cycle(item.id());
            if (!inbox || transport.poll(item) instanceof Transport.Answer.Accepted) {
                spool.shipped(item, NOW);
            }
        }
    }

    private Transport transport(Disk disk) {
        PieceSizing sizing = new PieceSizing(PIECE, PIECE, () -> 0);
        return inbox
                ? new InboxTransport(
                        steps.on(store.bucket()),
                        InboxStore.SITE,
                        InboxStore.INCARNATION,
                        "1",
                        sizing,
                        UploadProgress.NONE,
                        Duration.ofHours(6),
                        disk)
                : new PlainTransport(steps.on(bucket), PlainConfig.DEFAULT, sizing, () -> 0, UploadProgress.NONE, disk);
    }

    /// I1: what is visible is whole and what it should be.
    void requireNothingForged(String where) {
        delivered().forEach((id, bytes) -> {
            assertThat(expected()).as(where).containsKey(id);
            assertThat(bytes).as("%s: %s", where, id).isEqualTo(expected().get(id));
        });
    }

    /// Every byte was delivered once, or is on record as lost.
    void requireDone(String where) throws IOException {
        requireNothingForged(where);
        assertThat(delivered().keySet()).as(where).isEqualTo(expected().keySet());
        assertThat(centre.acceptances).as(where).doesNotHaveDuplicates();
        try (Spool spool = Spool.open(spoolDir)) {
            assertThat(spool.losses())
                    .as(where)
                    .extracting(loss -> loss.getUlid() + " " + loss.getReason().name())
                    .containsExactlyInAnyOrderElementsOf(expectedLosses());
            assertThat(spool.shippedRecords())
                    .as(where)
                    .extracting(ShippedRecord::id)
                    .containsExactlyInAnyOrderElementsOf(expected().keySet());
            for (String place : List.of("incoming", "ready", "quarantine", "workshop")) {
                assertThat(spoolDir.resolve(place)).as(where).isEmptyDirectory();
            }
        }
    }

    private Map<BlockId, byte[]> delivered() {
        Map<BlockId, byte[]> delivered = new HashMap<>();
        for (String key : Set.copyOf(bucket.objects.keySet())) {
            if (key.endsWith("/meta.json")) {
                BlockId id = BlockId.parse(key.substring(0, BlockId.LENGTH));
                delivered.put(id, bucket.objects.getOrDefault(id + "/chunks/000001", new byte[0]));
            }
        }
        centre.accepted.forEach((id, stream) -> {
            byte[] whole = expected().getOrDefault(id, stream);
            delivered.put(id, Arrays.copyOf(stream, Math.min(stream.length, whole.length))); // the chunks come first
        });
        return delivered;
    }

    private Map<BlockId, byte[]> expected() {
        Map<BlockId, byte[]> expected = new HashMap<>();
        of(Fate.SHIPPED).forEach(id -> expected.put(id, chunksOf(id)));
        of(Fate.THINNED).forEach(id -> expected.put(thinned(id), bytesOfThinned(id)));
        if (!of(Fate.MERGED).isEmpty()) {
            expected.put(merged(), bytesOfMerged());
        }
        return expected;
    }

    private List<String> expectedLosses() {
        List<String> losses = new ArrayList<>();
        of(Fate.EVICTED).forEach(id -> losses.add(id + " REASON_EVICTED"));
        of(Fate.EVICTED_FROM_QUARANTINE).forEach(id -> losses.add(id + " REASON_EVICTED"));
        of(Fate.THINNED).forEach(id -> losses.add(id + " REASON_THINNED"));
        return losses;
    }

    private List<BlockId> of(Fate fate) {
        return fates.keySet().stream()
                .filter(id -> fates.get(id) == fate)
                .sorted()
                .toList();
    }

    private byte[] chunksOf(BlockId id) {
        return chunks.getOrDefault(id, new byte[0]);
    }

    private static BlockId merged() {
        return BlockId.parse("01J000000000000000000000M0");
    }

    private static BlockId thinned(BlockId id) {
        return BlockId.parse(id.toString().replace("00A", "00T"));
    }

    private byte[] bytesOfMerged() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        of(Fate.MERGED).forEach(id -> all.writeBytes(chunksOf(id)));
        return all.toByteArray();
    }

    private byte[] bytesOfThinned(BlockId id) {
        return Arrays.copyOf(chunksOf(id), 100);
    }
}
