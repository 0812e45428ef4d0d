package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.pack.BlockPacker;
import io.edgeship.block.pack.PackWatcher;
import io.edgeship.block.thanos.BlockFile;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.memory.MemoryBucket;
import io.edgeship.queue.Item;
import io.edgeship.queue.Spool;
import io.edgeship.queue.link.PieceSizing;
import io.edgeship.queue.transport.Transport.Answer;
import io.edgeship.queue.transport.UploadProgress;
import io.edgeship.queue.transport.inbox.InboxTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;

/// A site whose agent ships a spool through the inbox: the spool and the transport are the real ones.
final class InboxSite implements AutoCloseable {
    static final String LABEL = "site";

    private final String name;
    private final MemoryBucket store;
    private final MeddlingBucket link;
    private final Random random;
    private final Spool spool;
    private final Map<BlockId, Map<String, byte[]>> blocks = new TreeMap<>();
    private InboxTransport transport;

    InboxSite(String name, Path home, MemoryBucket store, MeddlingBucket link, Random random) throws IOException {
        this.name = name;
        this.store = store;
        this.link = link;
        this.random = random;
        spool = Spool.open(home.resolve("spool-" + name));
        transport = started();
    }

    private InboxTransport started() {
        int pieceBytes = 150 + random.nextInt(700);
        return new InboxTransport(
                link,
                name,
                spool.incarnation(),
                "1.2.3",
                new PieceSizing(pieceBytes, pieceBytes, () -> 0),
                UploadProgress.NONE);
    }

    /// Seals one more block of random bytes.
    void seal(Path home, BlockId id) throws IOException {
        Path source = Files.createDirectories(home.resolve(id.toString()));
        Map<String, byte[]> files = new TreeMap<>();
        files.put("chunks/000001", new byte[random.nextInt(1500)]);
        files.put("index", new byte[1 + random.nextInt(600)]);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            random.nextBytes(file.getValue());
            Path path = source.resolve(file.getKey());
            Files.createDirectories(path.resolveSibling("."));
            Files.write(path, file.getValue());
        }
        Files.write(source.resolve("tombstones"), new byte[9]);
        BlockMeta meta = BlockMeta.of(id, new TimeRange(0, 7_200_000), new BlockMeta.Stats(1, 1, 0, 1, 1, 0));
        Files.write(source.resolve(BlockMeta.FILE_NAME), meta.toJson());
        List<BlockFile> listed = List.of(
                new BlockFile("chunks/000001", size(files, "chunks/000001"), null),
                new BlockFile("index", size(files, "index"), null),
                new BlockFile(BlockMeta.FILE_NAME, 0, null));
        spool.take(id, source);
        spool.seal(id, meta.withThanos(ThanosMeta.of(Map.of(LABEL, name), "edgeship", List.of("000001"), listed)));
        blocks.put(id, files);
        if (random.nextBoolean()) {
            pack(id);
        }
    }

    private void pack(BlockId id) throws IOException {
        Path pack = spool.workshop().resolve(id + ".pack");
        BlockPacker.packShipped(spool.dir().resolve("ready").resolve(id.toString()), pack, PackWatcher.NONE);
        spool.packs().add(id, pack);
        if (random.nextBoolean()) {
            spool.packs().dropFiles(id);
        }
    }

    private static int size(Map<String, byte[]> files, String path) {
        return Objects.requireNonNull(files.get(path)).length;
    }

    String name() {
        return name;
    }

    String incarnation() {
        return spool.incarnation();
    }

    Iterable<BlockId> blocks() {
        return blocks.keySet();
    }

    boolean isDone() throws IOException {
        return spool.ready().isEmpty();
    }

    /// One turn of the agent. A link that is cut ends it, a kill starts the agent anew.
    void live(String when, Instant now) throws IOException {
        try {
            for (Item item : spool.ready()) {
                if (!transport.isAwaited(item)) {
                    transport.ship(item);
                } else {
                    hear(item, when, now);
                }
            }
        } catch (BucketException.Unavailable _) {
            return; // the next turn tries again
        } catch (MeddlingBucket.Killed _) {
            transport = started();
        }
    }

    void restart() {
        transport = started();
    }

    private void hear(Item item, String when, Instant now) throws IOException {
        Answer answer = transport.poll(item);
        assertThat(answer)
                .as(when)
                .isNotInstanceOfAny(Answer.Rejected.class, Answer.PackRejected.class, Answer.TooNew.class);
        if (answer instanceof Answer.Accepted) {
            requireInBucket(item.id(), when);
            spool.shipped(item, now);
        }
    }

    /// The block lies there whole and with nothing beside it.
    void requireInBucket(BlockId id, String when) throws IOException {
        Map<String, byte[]> files = Objects.requireNonNull(blocks.get(id));
        assertThat(store.keys(id + "/"))
                .as(when)
                .containsExactlyInAnyOrder(id + "/chunks/000001", id + "/index", id + "/meta.json");
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            assertThat(store.bytes(id + "/" + file.getKey()))
                    .as("%s: %s of %s", when, file.getKey(), id)
                    .isEqualTo(file.getValue());
        }
        BlockMeta meta = BlockMeta.parse("meta.json", Objects.requireNonNull(store.bytes(id + "/meta.json")));
        assertThat(meta.id()).as(when).isEqualTo(id);
        assertThat(Objects.requireNonNull(meta.thanos()).labels()).as(when).containsEntry(LABEL, name);
    }

    @Override
    public void close() throws IOException {
        spool.close();
    }
}
