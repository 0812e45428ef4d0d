package io.edgeship.queue;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.message.SiteMessages;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.queue.journal.DurableFiles;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The loss records in `losses/`: one a block, the last word on it (I3).
final class Losses {
    private static final Log LOG = Log.of(Losses.class);

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

    /// A record that is damaged, or of a later agent, is left where it is and named in the log.
    List<Loss> all() throws IOException {
        List<Loss> losses = new ArrayList<>();
        for (Path file : DurableFiles.children(layout.losses())) {
            if (file.toString().endsWith(".pb")) {
                try {
                    losses.add(read(file));
                } catch (CorruptFormatException | UnsupportedVersionException e) {
                    LOG.warn("loss record left alone", e, "file", file);
                }
            }
        }
        return losses;
    }

    static Loss read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return SiteMessages.loss(file.toString(), in.readNBytes(SiteMessages.BYTES_MAX + 1));
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
