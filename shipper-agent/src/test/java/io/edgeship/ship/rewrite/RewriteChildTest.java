package io.edgeship.ship.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.downsample.Resolution;
import io.edgeship.block.relabel.RelabelAction;
import io.edgeship.block.relabel.RelabelRule;
import io.edgeship.block.relabel.Relabeling;
import io.edgeship.block.rewrite.RewriteOrder;
import io.edgeship.block.rewrite.RewrittenBlock;
import io.edgeship.block.verify.BlockVerifier;
import io.edgeship.block.verify.Verdict;
import io.edgeship.ship.DataDirectory;
import io.edgeship.ship.child.ChildMain;
import io.edgeship.ship.child.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real child process writes a real block.
class RewriteChildTest {
    private static final BlockId A = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHA0");
    private static final TreeMap<String, String> LABELS = new TreeMap<>(java.util.Map.of("site", "it"));

    @TempDir
    private Path dir;

    private final RewriteMeter meter = new RewriteMeter();
    private Path block;
    private Path out;

    @BeforeEach
    void write() throws IOException {
        DataDirectory data = DataDirectory.create(dir.resolve("data"));
        data.cut(A);
        block = data.dir().resolve(A.toString());
        out = Files.createDirectory(dir.resolve("out"));
    }

    @Test
    void theChildMakesWhatThisProcessWouldMakeAndSaysWhatItTook() throws IOException {
        RewriteOrder order = RewriteOrder.of(List.of(block), LABELS);
        AtomicInteger glances = new AtomicInteger();
        RewrittenBlock made =
                child(glances::incrementAndGet).rewrite(order, out).orElseThrow();
        RewrittenBlock here = Rewriter.HERE
                .rewrite(order, Files.createDirectory(dir.resolve("here")))
                .orElseThrow();
        assertThat(made.meta()).isEqualTo(here.meta());
        assertThat(made.counts()).isEqualTo(here.counts());
        assertThat(made.dir().resolve("chunks/000001"))
                .hasSameBinaryContentAs(here.dir().resolve("chunks/000001"));
        assertThat(BlockVerifier.verify(made.dir())).isInstanceOf(Verdict.Sound.class);
        assertThat(meter.rewrites()).isEqualTo(1);
        assertThat(meter.failures()).isZero();
        assertThat(meter.nanos()).isPositive();
        assertThat(meter.peakBytes()).isBetween(10L << 20, 200L << 20);
    }

    @Test
    void anOrderThatLeavesNothingMakesNoBlock() throws IOException {
        RewriteOrder order = new RewriteOrder(
                List.of(block),
                LABELS,
                List.of(new TimeRange(0, 1)),
                Relabeling.NONE,
                OptionalInt.empty(),
                Optional.empty());
        assertThat(child(() -> {}).rewrite(order, out)).isEmpty();
        assertThat(meter.rewrites()).isEqualTo(1);
    }

    @Test
    void aBadSourceIsToldFromTroubleThatPasses() throws IOException {
        Files.write(block.resolve("index"), new byte[100]);
        assertThatThrownBy(() -> child(() -> {}).rewrite(RewriteOrder.of(List.of(block), LABELS), out))
                .isInstanceOf(BadSourceException.class)
                .hasMessageContaining(A.toString());
        assertThatThrownBy(() -> child(() -> {}).rewrite(RewriteOrder.of(List.of(dir.resolve("gone")), LABELS), out))
                .isNotInstanceOf(BadSourceException.class)
                .hasMessageContaining("gone");
        assertThat(out).isEmptyDirectory();
        assertThat(meter.failures()).isEqualTo(2);
    }

    @Test
    void noSourceIsToBlameForAnOrderThatTheChildCannotRead() throws IOException, InterruptedException {
        Path order = Files.writeString(dir.resolve("order.json"), "{\"version\": 2}");
        List<String> command = new ArrayList<>(RewriteChild.java(RewriteConfig.DEFAULT));
        command.addAll(List.of(order.toString(), dir.resolve("result.json").toString(), out.toString()));
        Process child = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(child.waitFor()).isEqualTo(ChildMain.FAILED);
    }

    @Test
    void tooLittleMemoryIsTroubleThatPasses() {
        List<String> tiny = new ArrayList<>(RewriteChild.java(RewriteConfig.DEFAULT));
        tiny.replaceAll(word -> word.startsWith("-Xmx") ? "-Xmx2m" : word);
        RewriteChild child = new RewriteChild(new ChildProcess(tiny, () -> {}), meter);
        assertThatThrownBy(() -> child.rewrite(RewriteOrder.of(List.of(block), LABELS), out))
                .isNotInstanceOf(BadSourceException.class)
                .isInstanceOf(IOException.class);
        assertThat(out).isEmptyDirectory();
    }

    @Test
    void aChildThatIsKilledLeavesNothingAndTheNextSucceeds() throws IOException {
        RewriteOrder order = RewriteOrder.of(List.of(block), LABELS);
        RewriteChild hanging = new RewriteChild(
                new ChildProcess(List.of("sh", "-c", "exec sleep 600"), () -> killChildren("sleep")), meter);
        assertThatThrownBy(() -> hanging.rewrite(order, out))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(BadSourceException.class);
        assertThat(out).isEmptyDirectory();
        assertThat(child(() -> {}).rewrite(order, out)).isPresent();
    }

    @Test
    void aChildThatGetsNoFurtherIsKilled() {
        RewriteChild hanging = new RewriteChild(
                new ChildProcess(List.of("sh", "-c", "exec sleep 600"), () -> {}, Duration.ofMillis(100)), meter);
        assertThatThrownBy(() -> hanging.rewrite(RewriteOrder.of(List.of(block), LABELS), out))
                .hasMessageContaining("no further");
        assertThat(ourChildren("sleep")).isEmpty();
    }

    @Test
    void theChildEndsWithItsParent() throws Exception {
        Process child = new ProcessBuilder(
                        RewriteChild.java(RewriteConfig.DEFAULT).toArray(new String[0]))
                .redirectErrorStream(true)
                .start();
        child.getOutputStream().close(); // what the kernel does for a parent that is killed
        assertThat(child.waitFor()).isNotZero();
    }

    @Test
    void everyPartOfAnOrderIsReadAsItWasWritten() throws IOException {
        RewriteOrder order = new RewriteOrder(
                List.of(block, dir.resolve("other")),
                LABELS,
                List.of(new TimeRange(-5, 7), new TimeRange(9, 11)),
                Relabeling.of(List.of(
                        new RelabelRule(RelabelAction.HASHMOD, List.of("a", "ü"), ";", "(.*)", 7, "shard", "$1"),
                        new RelabelRule(RelabelAction.LABELDROP, List.of(), ";", "tmp_.*\n", 0, "", "$1"))),
                OptionalInt.of(4),
                Optional.of(Resolution.FIVE_MINUTES));
        assertThat(OrderJson.read("order.json", OrderJson.write(order))).isEqualTo(order);
        RewriteOrder plain = RewriteOrder.of(List.of(block), LABELS);
        assertThat(OrderJson.read("order.json", OrderJson.write(plain))).isEqualTo(plain);
    }

    private RewriteChild child(ChildProcess.Meanwhile meanwhile) {
        return new RewriteChild(RewriteConfig.DEFAULT, meter, meanwhile);
    }

    private static void killChildren(String program) {
        ourChildren(program).forEach(ProcessHandle::destroyForcibly);
    }

    private static List<ProcessHandle> ourChildren(String program) {
        try (Stream<ProcessHandle> children = ProcessHandle.current().children()) {
            return children.filter(child -> child.info().command().orElse("").endsWith(program))
                    .toList();
        }
    }
}
