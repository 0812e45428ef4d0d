package io.edgeship.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.queue.journal.Disk;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");

    @TempDir
    Path dir;

    @Test
    void sharesTheFilesWithTheSourceUntilItDeletesThemAndLosesNothingThen() throws IOException {
        Path block = Blocks.write(dir, Blocks.A, 1000);
        Map<String, byte[]> before = contents(block);
        Map<String, Object> inodes = inodes(block);
        try (Spool spool = open()) {
            Incoming taken = spool.take(Blocks.A, block);
            assertThat(inodes(taken.dir())).containsAllEntriesOf(inodes);
            assertThat(taken.copiedBytes()).isZero();

            deleteAll(block);

            assertThat(contents(taken.dir())).containsAllEntriesOf(before);
            assertThat(spool.find(Blocks.A)).contains(Place.INCOMING);
        }
    }

    @Test
    void sealsWithoutTouchingTheSourcesMetaJson() throws IOException {
        Path block = Blocks.write(dir, Blocks.A, 1000);
        Map<String, byte[]> before = contents(block);
        Map<String, Object> inodes = inodes(block);
        try (Spool spool = open()) {
            spool.take(Blocks.A, block);
            Item item = spool.seal(Blocks.A, Blocks.sealed(Blocks.A, block));

            assertThat(contents(block)).containsExactlyInAnyOrderEntriesOf(before);
            assertThat(inodes(block)).isEqualTo(inodes);
            assertThat(inodes(item.dir()))
                    .containsEntry("chunks/000001", inodes.get("chunks/000001"))
                    .containsEntry("index", inodes.get("index"))
                    .doesNotContainEntry("meta.json", inodes.get("meta.json"));
            assertThat(item.meta().thanos()).isNotNull();
            assertThat(item.dataFiles())
                    .extracting(Item.DataFile::relativePath)
                    .containsExactly("chunks/000001", "index");
        }
    }

    @Test
    void listsTheOldestDataFirstHoweverItWasTaken() throws IOException {
        try (Spool spool = open()) {
            for (BlockId id : List.of(Blocks.C, Blocks.A, Blocks.B)) {
                Path block = Blocks.write(dir, id, 10);
                spool.take(id, block);
                spool.seal(id, Blocks.sealed(id, block));
            }
            List<Long> minTimes =
                    spool.ready().stream().map(item -> item.range().minTime()).toList();
            assertThat(minTimes).hasSize(3).isSorted();
        }
    }

    @Test
    void remembersEverythingOverARestart() throws IOException {
        Path a = Blocks.write(dir, Blocks.A, 1000);
        Path b = Blocks.write(dir, Blocks.B, 1000);
        String incarnation;
        List<Item> ready;
        ShippedRecord shipped;
        try (Spool spool = open()) {
            incarnation = spool.incarnation();
            spool.take(Blocks.A, a);
            spool.take(Blocks.B, b);
            Item item = spool.seal(Blocks.A, Blocks.sealed(Blocks.A, a));
            spool.seal(Blocks.B, Blocks.sealed(Blocks.B, b));
            shipped = spool.shipped(item, NOW);
            ready = spool.ready();
        }
        try (Spool spool = open()) {
            assertThat(incarnation).matches("[0-9a-f]{32}").isEqualTo(spool.incarnation());
            assertThat(spool.ready()).isEqualTo(ready);
            assertThat(spool.shippedRecords()).containsExactly(shipped);
            assertThat(shipped.sources()).containsExactly(Blocks.A);
            assertThat(shipped.shippedAt()).isEqualTo(NOW);
            assertThat(spool.find(Blocks.A)).contains(Place.SHIPPED);
            spool.forgetShipped(Blocks.A);
            assertThat(spool.find(Blocks.A)).isEmpty();
        }
    }

    @Test
    void aBlockWrittenAnewStandsForItsOriginsFromTheMomentItIsThere() throws IOException {
        Path a = Blocks.write(dir, Blocks.A, 1000);
        Path b = Blocks.write(dir, Blocks.B, 1000);
        try (Spool spool = open()) {
            spool.take(Blocks.A, a);
            spool.seal(Blocks.A, Blocks.sealed(Blocks.A, a));
            spool.take(Blocks.B, b);
            Path anew = Blocks.write(spool.workshop(), Blocks.F, 500);
            Incoming taken = spool.takeRewritten(anew, List.of(Blocks.A, Blocks.B), List.of(Blocks.A, Blocks.B));
            assertThat(taken.copiedBytes()).isPositive().isEqualTo(taken.sizeBytes());
            assertThat(spool.incoming()).containsExactly(taken);
            assertThat(spool.ready()).isEmpty();
        }
        try (Spool spool = open()) {
            assertThat(spool.origins(Blocks.F)).containsExactly(Blocks.A, Blocks.B);
            Item item = spool.seal(
                    Blocks.F,
                    Blocks.sealed(Blocks.F, spool.incoming().getFirst().dir()));
            assertThat(spool.origins(Blocks.F)).containsExactly(Blocks.A, Blocks.B);
            assertThat(spool.shipped(item, NOW).sources()).containsExactly(Blocks.A, Blocks.B);
        }
    }

    @Test
    void whatWasBegunInTheWorkshopIsGoneAfterARestart() throws IOException {
        try (Spool spool = open()) {
            Blocks.write(spool.workshop(), Blocks.F, 500);
            Files.writeString(spool.workshop().resolve("order.json"), "{");
        }
        try (Spool spool = open()) {
            assertThat(spool.workshop()).isEmptyDirectory();
        }
    }

    @Test
    void onlyWhatWasMadeInTheWorkshopOfSomethingElseIsTakenFromIt() throws IOException {
        Path a = Blocks.write(dir, Blocks.A, 1000);
        try (Spool spool = open()) {
            spool.take(Blocks.A, a);
            Path itself = Blocks.write(spool.workshop(), Blocks.A, 500);
            assertThatThrownBy(() -> spool.takeRewritten(a, List.of(Blocks.A), List.of(Blocks.A)))
                    .hasMessageContaining("not in the workshop");
            assertThatThrownBy(() -> spool.takeRewritten(itself, List.of(Blocks.A), List.of(Blocks.A)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> spool.takeRewritten(itself, List.of(Blocks.B), List.of(Blocks.B)))
                    .hasMessageContaining("is in incoming already");
        }
    }

    @Test
    void copiesAndCountsWhereLinksCannotReach() throws IOException {
        Path block = Blocks.write(dir, Blocks.A, 1000);
        Disk otherMount = refusing("link", "Invalid cross-device link");
        try (Spool spool = Spool.open(dir.resolve("spool"), otherMount, InstantSource.fixed(NOW))) {
            Incoming taken = spool.take(Blocks.A, block);

            assertThat(contents(taken.dir())).containsAllEntriesOf(contents(block));
            assertThat(taken.copiedBytes()).isEqualTo(taken.sizeBytes()).isPositive();
            assertThat(spool.holding()).isEqualTo(new Spool.Holding(taken.sizeBytes(), taken.sizeBytes()));
        }
    }

    @Test
    void copiesAcrossRealMounts() throws IOException {
        Path memory = Path.of("/dev/shm");
        Assumptions.assumeTrue(Files.isWritable(memory), "no second mount here");
        Assumptions.assumeFalse(Files.getFileStore(memory).equals(Files.getFileStore(dir)), "no second mount here");
        Path other = Files.createTempDirectory(memory, "edgeship");
        try {
            Path block = Blocks.write(other, Blocks.A, 1000);
            try (Spool spool = open()) {
                Incoming taken = spool.take(Blocks.A, block);
                assertThat(contents(taken.dir())).containsAllEntriesOf(contents(block));
                assertThat(taken.copiedBytes()).isEqualTo(taken.sizeBytes());
            }
        } finally {
            deleteAll(other);
        }
    }

    @Test
    void leavesNothingBehindOfABlockThatVanishesAtAnyMoment() throws IOException {
        for (int links = 0; links < 4; links++) {
            Path block = Blocks.write(dir.resolve("source"), Blocks.A, 100);
            int vanishAfter = links;
            int[] made = {0};
            Disk disk = intercepting((method, _) -> {
                if (method.equals("link") && made[0]++ == vanishAfter) {
                    Files.move(block, dir.resolve("source/gone-" + vanishAfter)); // as Prometheus deletes
                }
            });
            Path home = dir.resolve("spool-" + links);
            try (Spool spool = Spool.open(home, disk, InstantSource.fixed(NOW))) {
                assertThatThrownBy(() -> spool.take(Blocks.A, block))
                        .as("after %d links", links)
                        .isInstanceOf(BlockVanishedException.class);
                assertThat(home.resolve("incoming")).isEmptyDirectory();
                assertThat(spool.find(Blocks.A)).isEmpty();
            }
        }
    }

    @Test
    void saysWhoMayNotLinkAndWhatToDo() throws IOException {
        Path block = Blocks.write(dir, Blocks.A, 100);
        Assumptions.assumeTrue(Files.getAttribute(dir, "unix:uid").equals(0), "needs root, to give a file away");
        for (String name : List.of("chunks/000001", "index", "meta.json")) {
            Files.setAttribute(block.resolve(name), "unix:uid", 65534);
        }
        Disk disk = refusing("link", "Operation not permitted");
        try (Spool spool = Spool.open(dir.resolve("spool"), disk, InstantSource.fixed(NOW))) {
            assertThatThrownBy(() -> spool.take(Blocks.A, block))
                    .hasMessageContaining("uid 0 may not hard-link a file of uid 65534")
                    .hasMessageContaining("runAsUser");
            assertThat(spool.find(Blocks.A)).isEmpty();
        }
    }

    @Test
    void refusesASecondOwnerAndNamesTheFirst() throws IOException {
        try (Spool _ = open()) {
            assertThatThrownBy(this::open)
                    .isInstanceOf(SpoolLockedException.class)
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
        }
        open().close();
    }

    @Test
    void refusesASpoolOfALaterVersion() throws IOException {
        open().close();
        Files.writeString(dir.resolve("spool/version"), "2\n");

        assertThatThrownBy(this::open)
                .isInstanceOf(UnsupportedVersionException.class)
                .hasMessageContaining("format version 2; this build reads up to 1");
    }

    @Test
    void leavesItemsOfALaterVersionAloneAndCountsThem() throws IOException {
        Path block = Blocks.write(dir, Blocks.A, 100);
        Path json = dir.resolve("spool/ready/" + Blocks.A + "/item.json");
        try (Spool spool = open()) {
            spool.take(Blocks.A, block);
            spool.seal(Blocks.A, Blocks.sealed(Blocks.A, block));
        }
        Files.writeString(json, Files.readString(json).replace("\"version\": 1", "\"version\": 2"));
        Map<String, byte[]> before = contents(json.resolveSibling("."));
        try (Spool spool = open()) {
            assertThat(spool.ready()).isEmpty();
            assertThat(spool.newerItems()).isEqualTo(1);
            assertThat(spool.find(Blocks.A)).contains(Place.READY);
        }
        assertThat(contents(json.resolveSibling("."))).containsExactlyInAnyOrderEntriesOf(before);
    }

    @Test
    void makesADamagedItemJsonAgain() throws IOException {
        Path block = Blocks.write(dir, Blocks.A, 100);
        try (Spool spool = open()) {
            spool.take(Blocks.A, block);
            spool.seal(Blocks.A, Blocks.sealed(Blocks.A, block));
        }
        Files.write(dir.resolve("spool/ready/" + Blocks.A + "/item.json"), new byte[50]);
        try (Spool spool = open()) {
            assertThat(spool.ready()).extracting(Item::id).containsExactly(Blocks.A);
            assertThat(spool.ready().getFirst().range())
                    .isEqualTo(Blocks.meta(Blocks.A).range());
        }
    }

    @Test
    void setsAsideAReadyItemThatCanNoLongerBeRead() throws IOException {
        Path block = Blocks.write(dir, Blocks.A, 100);
        try (Spool spool = open()) {
            spool.take(Blocks.A, block);
            spool.seal(Blocks.A, Blocks.sealed(Blocks.A, block));
        }
        Files.write(dir.resolve("spool/ready/" + Blocks.A + "/item.json"), new byte[50]);
        Files.write(dir.resolve("spool/ready/" + Blocks.A + "/meta.json"), new byte[50]);
        try (Spool spool = open()) {
            assertThat(spool.ready()).isEmpty();
            assertThat(spool.quarantined()).extracting(Quarantined::id).containsExactly(Blocks.A);
            assertThat(spool.losses())
                    .singleElement()
                    .extracting(Loss::getReason)
                    .isEqualTo(Loss.Reason.REASON_CORRUPT);
        }
    }

    @Test
    void replacesNoParentBeforeTheMergedBlockIsInTheSpool() throws IOException {
        Path block = Blocks.write(dir, Blocks.A, 100);
        try (Spool spool = open()) {
            spool.take(Blocks.A, block);
            assertThatThrownBy(() -> spool.replaceParents(Blocks.B, List.of(Blocks.A)))
                    .isInstanceOf(NoSuchFileException.class);
            assertThat(spool.find(Blocks.A)).contains(Place.INCOMING);
        }
    }

    @Test
    void canBeLookedAtBesideItsOwnerButNotChanged() throws IOException {
        Path block = Blocks.write(dir, Blocks.A, 100);
        try (Spool owner = open()) {
            owner.take(Blocks.A, block);
            try (Spool look = Spool.look(dir.resolve("spool"))) {
                assertThat(look.incoming()).isEqualTo(owner.incoming());
                assertThat(look.find(Blocks.A)).isEqualTo(Optional.of(Place.INCOMING));
                assertThatThrownBy(() -> look.seal(Blocks.A, Blocks.sealed(Blocks.A, block)))
                        .isInstanceOf(ReadOnlyFileSystemException.class);
            }
            owner.seal(Blocks.A, Blocks.sealed(Blocks.A, block));
        }
    }

    private Spool open() throws IOException {
        return Spool.open(dir.resolve("spool"));
    }

    private interface Before {
        void call(String method, Object[] arguments) throws IOException;
    }

    private static Disk refusing(String refused, String reason) {
        return intercepting((method, arguments) -> {
            if (method.equals(refused)) {
                throw new FileSystemException(arguments[0].toString(), arguments[1].toString(), reason);
            }
        });
    }

    private static Disk intercepting(Before before) {
        return (Disk) Proxy.newProxyInstance(
                Disk.class.getClassLoader(), new Class<?>[] {Disk.class}, (_, method, arguments) -> {
                    before.call(method.getName(), arguments);
                    try {
                        return method.invoke(Disk.system(), arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static Map<String, byte[]> contents(Path directory) throws IOException {
        Map<String, byte[]> contents = new HashMap<>();
        for (Path file : files(directory)) {
            contents.put(directory.relativize(file).toString(), Files.readAllBytes(file));
        }
        return contents;
    }

    private static Map<String, Object> inodes(Path directory) throws IOException {
        Map<String, Object> inodes = new HashMap<>();
        for (Path file : files(directory)) {
            inodes.put(directory.relativize(file).toString(), Files.getAttribute(file, "unix:ino"));
        }
        return inodes;
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(Files::isRegularFile).toList();
        }
    }

    private static void deleteAll(Path directory) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            for (Path path : walk.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
