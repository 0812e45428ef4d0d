package io.edgeship.ship.reduce;

import io.edgeship.block.TimeRange;
import io.edgeship.block.config.RelabelKeys;
import io.edgeship.block.downsample.Resolution;
import io.edgeship.block.relabel.Relabeling;
import io.edgeship.block.rewrite.RewriteOrder;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigSection;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;

/// `sources[].reduce`: what of a source's blocks is shipped.
///
/// @param relabeling        applied to each series
/// @param resolution        that is shipped in place of raw samples; empty for raw samples
/// @param significantDigits to which float values are rounded, 1 to 17; empty to leave them as they are
public record ReductionConfig(Relabeling relabeling, Optional<Resolution> resolution, OptionalInt significantDigits) {
    /// Blocks are shipped as they are.
    public static final ReductionConfig NONE =
            new ReductionConfig(Relabeling.NONE, Optional.empty(), OptionalInt.empty());

    private static final int DIGITS_MAX = 17; // which tell any two doubles apart

    public ReductionConfig {
        if (significantDigits.isPresent()
                && (significantDigits.getAsInt() < 1 || significantDigits.getAsInt() > DIGITS_MAX)) {
            throw new IllegalArgumentException("rounding to %s digits".formatted(significantDigits));
        }
    }

    /// @param source one of `sources`
    public static ReductionConfig from(ConfigSection source) throws ConfigException {
        ConfigSection reduce = source.section("reduce");
        return new ReductionConfig(RelabelKeys.read(reduce, "relabel"), resolution(reduce), digits(reduce));
    }

    private static Optional<Resolution> resolution(ConfigSection reduce) throws ConfigException {
        return switch (reduce.text("resolution", "raw")) {
            case "raw" -> Optional.empty();
            case "5m" -> Optional.of(Resolution.FIVE_MINUTES);
            default -> throw reduce.wrong("resolution", "is raw or 5m");
        };
    }

    private static OptionalInt digits(ConfigSection reduce) throws ConfigException {
        String round = reduce.text("round", "off");
        if (round.equals("off")) {
            return OptionalInt.empty();
        }
        try {
            int digits = Integer.parseInt(round);
            if (digits >= 1 && digits <= DIGITS_MAX) {
                return OptionalInt.of(digits);
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw reduce.wrong("round", "is off, or a number of significant digits from 1 to " + DIGITS_MAX);
    }

    /// Whether blocks are shipped as they are, as far as this is concerned.
    public boolean isNone() {
        return equals(NONE);
    }

    /// How blocks are to be written anew.
    ///
    /// @param sources directories of raw blocks
    /// @param labels  external labels of the new block
    /// @param keep    samples outside all of these are left out; empty to keep every sample
    public RewriteOrder order(List<Path> sources, SortedMap<String, String> labels, List<TimeRange> keep) {
        return new RewriteOrder(sources, labels, keep, relabeling, significantDigits, resolution);
    }
}
