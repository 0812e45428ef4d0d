package io.edgeship.agent.check;

import io.edgeship.block.tsdb.chunks.Encoding;
import io.edgeship.runtime.config.Sizes;
import java.util.ArrayList;
import java.util.List;

/// Which blocks lie there, and what sealing does to them.
final class BlocksCheck {
    private BlocksCheck() {}

    static Finding judge(BlocksOnDisk blocks) {
        if (blocks.count() == 0) {
            return Finding.warn(
                    Check.BLOCKS,
                    "none yet",
                    "Prometheus cuts its first about three hours after it began; if it has run longer, see path");
        }
        List<String> remarks = new ArrayList<>();
        remarks.add("%d block(s), %s, newest %s"
                .formatted(
                        blocks.count(),
                        Sizes.print(blocks.bytes()),
                        blocks.newest()
                                .map(dir -> String.valueOf(dir.getFileName()))
                                .orElse("?")));
        add(remarks, blocks.merged(), "merged by Prometheus: taken whole unless a part was sent before");
        add(remarks, blocks.outOfOrder(), "of out-of-order samples: merged into their window before they are sent");
        add(remarks, blocks.deleting(), "with deleted series: deletions are applied before they are sent");
        List<Encoding> newer =
                blocks.encodings().stream().filter(one -> !one.readByThanos()).toList();
        if (!newer.isEmpty()) {
            remarks.add(
                    "chunks %s, which a stock Thanos cannot read: transcoded before they are sent".formatted(newer));
        }
        return Finding.pass(Check.BLOCKS, String.join("; ", remarks));
    }

    private static void add(List<String> remarks, int count, String what) {
        if (count > 0) {
            remarks.add(count + " " + what);
        }
    }
}
