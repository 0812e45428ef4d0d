package io.edgeship.runtime.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Byte counts as people write them: `8MiB`, `5GiB`, `100kB`, `512`. `KiB` is 1024, `kB` is 1000.
public final class Sizes {
    private static final Pattern FORMAT = Pattern.compile("(\\d{1,19})\\s?(B|[kKMGT]B|[KMGT]iB)?");
    private static final String PREFIXES = "KMGT";

    private Sizes() {}

    /// @throws IllegalArgumentException with a message fit for people
    public static long parse(String text) {
        Matcher parts = FORMAT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not a size like 8MiB, 100kB or 512");
        }
        String unit = parts.group(2) == null ? "B" : parts.group(2);
        long factor = 1;
        if (unit.length() > 1) {
            long step = unit.contains("i") ? 1024 : 1000;
            int power = PREFIXES.indexOf(Character.toUpperCase(unit.charAt(0))) + 1;
            for (int i = 0; i < power; i++) {
                factor *= step;
            }
        }
        try {
            return Math.multiplyExact(Long.parseLong(parts.group(1)), factor);
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException("a size too large to count", e);
        }
    }

    /// What [#parse] reads back as the same number: `64MiB`. Empty for [Long#MAX_VALUE], which stands for no limit.
    static String exact(long bytes) {
        if (bytes == Long.MAX_VALUE) {
            return "";
        }
        long value = bytes;
        int power = 0;
        while (value != 0 && value % 1024 == 0 && power < PREFIXES.length()) {
            value /= 1024;
            power++;
        }
        return power == 0 ? Long.toString(value) : value + String.valueOf(PREFIXES.charAt(power - 1)) + "iB";
    }

    /// Three significant digits or so, for people: `1.5 MiB`.
    public static String print(long bytes) {
        double value = bytes;
        int power = 0;
        while (Math.abs(value) >= 1024 && power < PREFIXES.length()) {
            value /= 1024;
            power++;
        }
        return power == 0
                ? bytes + " B"
                : String.format(Locale.ROOT, value < 10 ? "%.2f %siB" : "%.1f %siB", value, PREFIXES.charAt(power - 1));
    }
}
