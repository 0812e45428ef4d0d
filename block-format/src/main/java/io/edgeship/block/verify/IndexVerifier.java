package io.edgeship.block.verify;

import io.edgeship.block.encoding.ByteSource;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.BlockReader;
import java.io.IOException;
import java.util.List;

/// Reads an index once, front to back, and checks each [Rule] that it can break without its chunks: those were compared
/// by another way, or are not there. Stateless; memory does not grow with the index.
public final class IndexVerifier {
    private IndexVerifier() {}

    /// What is wrong; empty for a sound one.
    ///
    /// @param index is closed
    /// @param meta  of its block
    /// @throws IOException if the index cannot be read now
    public static List<Violation> verify(ByteSource index, BlockMeta meta) throws IOException {
        Findings findings = new Findings();
        try {
            check(index, meta, findings);
        } catch (Findings.EnoughException _) {
            return findings.violations(); // what follows would help nobody
        }
        return findings.violations();
    }

    private static void check(ByteSource index, BlockMeta meta, Findings findings) throws IOException {
        ChunkCheck chunks = ChunkCheck.ofIndexOnly(meta.range(), findings);
        try (BlockReader block = BlockReader.open(_ -> index)) {
            new SeriesCheck(meta, chunks, findings, (_, _) -> {}).run(block);
        } catch (CorruptFormatException e) {
            findings.add(Rule.INDEX_READABLE, BlockVerifier.INDEX, e.offset(), e.problem());
        } catch (UnsupportedVersionException e) {
            findings.add(Rule.INDEX_READABLE, BlockVerifier.INDEX, -1, String.valueOf(e.getMessage()));
        }
    }
}
