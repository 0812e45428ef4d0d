package io.edgeship.queue;

import com.google.protobuf.InvalidProtocolBufferException;
import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.queue.journal.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The loss records in `losses/`: one a block, the last word on it (I3).
final class Losses {
    private static final long BYTES_MAX = 1 << 20;

    private final SpoolLayout layout;
    private final DurableFiles files;

    Losses(SpoolLayout layout, DurableFiles files) {
        this.layout = layout;
        this.files = files;
    }

    void record(Loss loss) throws IOException {
        files.replace(layout.losses(), SpoolLayout.lossName(idOf(loss)), loss.toByteArray());
    }

    boolean has(BlockId id) {
        return Files.exists(layout.loss(id));
    }

    void forget(BlockId id) throws IOException {
        if (has(id)) {
            files.delete(layout.loss(id));
        }
    }

    List<Loss> all() throws IOException {
        List<Loss> losses = new ArrayList<>();
        for (Path file : DurableFiles.children(layout.losses())) {
            if (file.toString().endsWith(".pb")) {
                losses.add(read(file));
            }
        }
        return losses;
    }

    static Loss read(Path file) throws IOException {
        if (Files.size(file) > BYTES_MAX) {
            throw new CorruptFormatException(file.toString(), BYTES_MAX, "longer than any loss record");
        }
        try {
            return Loss.parseFrom(Files.readAllBytes(file));
        } catch (InvalidProtocolBufferException e) {
            throw new CorruptFormatException(file.toString(), 0, "is no loss record: " + e.getMessage());
        }
    }

    static Optional<Loss> readIfThere(Path file) throws IOException {
        return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
    }

    /// @throws IllegalArgumentException for a loss that names no block, or another than `id`
    static void require(BlockId id, Loss loss) {
        if (!idOf(loss).equals(id)) {
            throw new IllegalArgumentException("a loss record of " + loss.getUlid() + " for " + id);
        }
    }

    private static BlockId idOf(Loss loss) {
        return BlockId.parse(loss.getUlid());
    }
}
