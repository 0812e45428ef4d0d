package io.edgeship.queue.quota;

/// How much room a spool may take.
///
/// @param maxBytes     that the spool may hold; 0 for any number. With [OnFull#STOP] all bytes count, for nothing is
///     deleted later; else those that nobody but the spool holds
/// @param minFreeBytes that the disk is to keep free; 0 for none
public record SpoolLimits(long maxBytes, long minFreeBytes, OnFull onFull) {
    /// A spool may grow until the disk is full.
    public static final SpoolLimits NONE = new SpoolLimits(0, 0, OnFull.STOP);

    public SpoolLimits {
        if (maxBytes < 0 || minFreeBytes < 0) {
            throw new IllegalArgumentException("limits of %d and %d bytes".formatted(maxBytes, minFreeBytes));
        }
    }

    /// Whether something has to give way.
    public boolean isExceeded(SpoolUse use) {
        return lackingBytes(use) > 0;
    }

    /// How much has to be freed; 0 where there is room.
    long lackingBytes(SpoolUse use) {
        long counted = onFull == OnFull.STOP ? use.allBytes() : use.ownBytes();
        long over = maxBytes == 0 ? 0 : counted - maxBytes;
        return Math.max(0, Math.max(over, minFreeBytes - use.freeBytes()));
    }

    /// Whether another block may be taken. An empty spool always takes one, for shipping has to go on: a link costs
    /// nothing as long as it does.
    public boolean admits(SpoolUse use, long blockBytes) {
        boolean fits = maxBytes == 0 || blockBytes <= maxBytes - use.allBytes();
        return onFull != OnFull.STOP || use.allBytes() == 0 || (fits && use.freeBytes() >= minFreeBytes);
    }
}
