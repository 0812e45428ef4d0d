package io.edgeship.ship.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.BlockId;
import io.edgeship.ship.DataDirectory;
import io.edgeship.ship.child.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real child process packs a real block.
class PackChildTest {
    private static final BlockId A = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHA0");
    private static final long HEAP_BYTES = 64 << 20;

    @TempDir
    private Path dir;

    private final PackMeter meter = new PackMeter();
    private final PackChild child = new PackChild(HEAP_BYTES, meter, () -> {});
    private Path block;
    private Path out;
    private Path pack;

    @BeforeEach
    void write() throws IOException {
        DataDirectory data = DataDirectory.create(dir.resolve("data"));
        data.cut(A);
        block = data.dir().resolve(A.toString());
        Files.write(block.resolve("item.json"), new byte[3]);
        out = Files.createDirectory(dir.resolve("out"));
        pack = out.resolve("A.pack");
    }

    @Test
    void whatItPacksAndUnpacksIsWhatItWasWithoutWhatIsNotShipped() throws IOException {
        child.pack(block, pack);
        Path back = out.resolve("back");
        child.unpack(pack, back);

        for (String file : List.of("index", "chunks/000001", "meta.json")) {
            assertThat(back.resolve(file)).hasSameBinaryContentAs(block.resolve(file));
        }
        assertThat(back.toFile().list()).containsExactlyInAnyOrder("index", "chunks", "meta.json");
        assertThat(meter.nanos()).isPositive();
        assertThat(meter.peakBytes()).isBetween(10L << 20, 200L << 20);
    }

    @Test
    void aDamagedPackIsToldFromTroubleThatPasses() throws IOException {
        child.pack(block, pack);
        byte[] bytes = Files.readAllBytes(pack);
        bytes[bytes.length / 2] ^= 1;
        Files.write(pack, bytes);

        assertThatThrownBy(() -> child.unpack(pack, out.resolve("back"))).isInstanceOf(BadPackException.class);
        assertThatThrownBy(() -> child.unpack(out.resolve("gone"), out.resolve("back")))
                .isNotInstanceOf(BadPackException.class)
                .hasMessageContaining("gone");
        assertThat(out.resolve("back")).doesNotExist();
    }

    @Test
    void tooLittleMemoryLeavesNothing() {
        List<String> tiny = new ArrayList<>(PackChild.java(HEAP_BYTES));
        tiny.replaceAll(word -> word.startsWith("-Xmx") ? "-Xmx2m" : word);
        PackChild poor = new PackChild(_ -> new ChildProcess(tiny, () -> {}), meter);

        assertThatThrownBy(() -> poor.pack(block, pack)).isInstanceOf(IOException.class);
        assertThat(out.toFile().list()).doesNotContain("A.pack", "A.pack.tmp", "A.pack.files.tmp");
    }

    @Test
    void aChildThatIsKilledLeavesNothingAndTheNextSucceeds() throws IOException {
        ChildProcess killed = new ChildProcess(
                List.of("sh", "-c", "exec sleep 600"),
                () -> ProcessHandle.current()
                        .children()
                        .filter(one -> one.info().command().orElse("").endsWith("sleep"))
                        .forEach(ProcessHandle::destroyForcibly));

        assertThatThrownBy(() -> new PackChild(_ -> killed, meter).pack(block, pack))
                .isInstanceOf(IOException.class);
        assertThat(pack).doesNotExist();
        child.pack(block, pack);
        assertThat(pack).isNotEmptyFile();
    }
}
