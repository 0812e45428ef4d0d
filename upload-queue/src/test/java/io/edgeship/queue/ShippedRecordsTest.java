package io.edgeship.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.bucket.memory.MemoryDirectory;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.journal.DurableFiles;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The disk does what it is asked for and says that it failed, as where the directory cannot be forced.
class ShippedRecordsTest {
    private static final ShippedRecord RECORD =
            new ShippedRecord(Blocks.C, new TimeRange(0, 500), 1, List.of(Blocks.C), "prometheus", 9, Instant.EPOCH);

    @TempDir(factory = MemoryDirectory.class)
    private Path dir;

    private final Disk real = new UnforcedDisk();
    private String failing = "none";
    private ShippedRecords records;

    @BeforeEach
    void open() throws IOException {
        Disk disk = (Disk) Proxy.newProxyInstance(
                Disk.class.getClassLoader(), new Class<?>[] {Disk.class}, (_, method, arguments) -> {
                    try {
                        method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (method.getName().equals(failing)) {
                        throw new IOException("no space left on device");
                    }
                    return null;
                });
        SpoolLayout layout = new SpoolLayout(dir);
        real.createDirectory(layout.place(Place.SHIPPED));
        records = new ShippedRecords(layout, new DurableFiles(disk));
        assertThat(records.all()).isEmpty();
    }

    private List<BlockId> ids() throws IOException {
        return records.all().stream().map(ShippedRecord::id).toList();
    }

    @Test
    void aRecordThatIsThereThoughWritingItFailedCounts() throws IOException {
        failing = "forceDirectory";
        assertThatThrownBy(() -> records.put(RECORD)).hasMessageContaining("no space");

        assertThat(ids()).containsExactly(Blocks.C);
    }

    @Test
    void aRecordThatWasNotWrittenDoesNotCount() throws IOException {
        failing = "write";
        assertThatThrownBy(() -> records.put(RECORD)).hasMessageContaining("no space");

        assertThat(ids()).isEmpty();
    }

    @Test
    void aRecordThatIsGoneThoughDeletingItFailedIsForgotten() throws IOException {
        records.put(RECORD);
        failing = "delete";
        assertThatThrownBy(() -> records.forget(Blocks.C)).hasMessageContaining("no space");

        assertThat(ids()).isEmpty();
    }
}
