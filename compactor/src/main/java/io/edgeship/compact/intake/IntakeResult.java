package io.edgeship.compact.intake;

import io.edgeship.fleet.BucketBlock;
import java.util.List;

/// What one cycle took in.
///
/// @param blocks   that were committed
/// @param accepted items answered so, those whose block was there before included
/// @param missing  items answered so; likewise `rejected` and `tooNew`
/// @param held     items that are not answered, until something ends that a person should look at
/// @param waiting  items that are still in the inbox, under way or answered; held ones too
/// @param orphans  folders of pieces without a manifest that were removed
/// @param failures items that could not be worked on: the next cycle goes on
/// @param bytes    of pieces that were read
public record IntakeResult(
        List<BucketBlock> blocks,
        int accepted,
        int missing,
        int rejected,
        int tooNew,
        int held,
        int waiting,
        int orphans,
        int failures,
        long bytes) {
    public static final IntakeResult NOTHING = new IntakeResult(List.of(), 0, 0, 0, 0, 0, 0, 0, 0, 0);

    public IntakeResult {
        blocks = List.copyOf(blocks);
    }
}
