package io.edgeship.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.message.v1.Loss;
import io.edgeship.bucket.memory.MemoryDirectory;
import io.edgeship.queue.journal.Disk;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The order to put a merged block in its parents' place was written, and the disk failed just then.
class UnfinishedOrderTest {
    @TempDir(factory = MemoryDirectory.class)
    private Path dir;

    private boolean fails;
    private Spool spool;

    @BeforeEach
    void writeTheOrderAndFail() throws IOException {
        Disk disk = (Disk) Proxy.newProxyInstance(
                Disk.class.getClassLoader(), new Class<?>[] {Disk.class}, (_, method, arguments) -> {
                    Object done = method.invoke(Disk.system(), arguments);
                    if (fails && String.valueOf(arguments[arguments.length - 1]).endsWith(SpoolLayout.REPLACES)) {
                        fails = false;
                        throw new IOException("no space left on device");
                    }
                    return done;
                });
        spool = Spool.open(dir.resolve("spool"), disk, InstantSource.fixed(Instant.EPOCH));
        Path source = Files.createDirectory(dir.resolve("source"));
        spool.take(Blocks.C, Blocks.write(source, Blocks.C, 500));
        spool.take(Blocks.D, Blocks.write(source, Blocks.D, 500));
        fails = true;
        assertThatThrownBy(() -> spool.replaceParents(Blocks.D, List.of(Blocks.C)))
                .hasMessageContaining("no space left");
        assertThat(spool.dir().resolve("incoming/" + Blocks.D + "/" + SpoolLayout.REPLACES))
                .exists();
    }

    @AfterEach
    void close() throws IOException {
        spool.close();
    }

    @Test
    void itIsCarriedOutBeforeAnybodyIsToldWhatWaits() throws IOException {
        assertThat(spool.incoming()).extracting(Incoming::id).containsExactly(Blocks.D);
        assertThat(spool.dir().resolve("incoming/" + Blocks.D + "/" + SpoolLayout.REPLACES))
                .doesNotExist();
    }

    @Test
    void itIsCarriedOutBeforeTheBlockIsSetAside() throws IOException {
        spool.quarantine(Blocks.D, Blocks.loss(Blocks.D, Loss.Reason.REASON_REFUSED));
        assertThat(spool.dir().resolve("quarantine/" + Blocks.D + "/" + SpoolLayout.REPLACES))
                .doesNotExist();
        assertThat(spool.find(Blocks.C)).isEmpty();
    }

    @Test
    void itIsCarriedOutBeforeTheBlockIsDropped() throws IOException {
        spool.drop(Blocks.D, Blocks.loss(Blocks.D, Loss.Reason.REASON_DROPPED));
        assertThat(spool.find(Blocks.C)).isEmpty();
    }
}
