package io.edgeship.queue.link;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// What a budget has on disk:
///
/// ```
/// {"version": 1, "day": "2026-11-25", "day_bytes", "month": "2026-11", "month_bytes",
///  "beyond_at": RFC 3339, "crc32c"}
/// ```
///
/// The checksum covers the other values. Bytes include what was set aside for what comes next. `day`, `month` and
/// `beyond_at` may be missing: before the store told the time, they are not known.
///
/// @param day        that `dayBytes` count for
/// @param dayBytes   [#UNREADABLE] if they could not be read
/// @param monthBytes [#UNREADABLE] if they could not be read
/// @param beyondAt   when a request last passed though the budget was used up
record BudgetState(
        @Nullable LocalDate day,
        long dayBytes,
        @Nullable YearMonth month,
        long monthBytes,
        @Nullable Instant beyondAt) {
    static final int VERSION = 1;
    static final long UNREADABLE = -1;
    static final BudgetState NEW = new BudgetState(null, 0, null, 0, null);
    static final BudgetState LOST = new BudgetState(null, UNREADABLE, null, UNREADABLE, null);

    private static final String CHECKSUM = "crc32c";

    /// @param problem what could not be read, or empty
    record Read(BudgetState state, String problem) {}

    /// Reads what can be read; what cannot is [#UNREADABLE].
    static Read read(byte[] content) {
        try {
            JsonObject json = JsonObject.parse("link budget", content);
            long version = json.requiredInteger("version");
            BudgetState state = new BudgetState(
                    json.has("day") ? LocalDate.parse(json.requiredText("day")) : null,
                    bytes(json, "day_bytes"),
                    json.has("month") ? YearMonth.parse(json.requiredText("month")) : null,
                    bytes(json, "month_bytes"),
                    json.has("beyond_at") ? Instant.parse(json.requiredText("beyond_at")) : null);
            if (version <= VERSION && json.requiredInteger(CHECKSUM) != state.checksum()) {
                return new Read(LOST, "its checksum is another");
            }
            return new Read(state, version > VERSION ? "version " + version + " is newer than " + VERSION : "");
        } catch (CorruptFormatException | DateTimeException e) {
            return new Read(LOST, String.valueOf(e.getMessage()));
        }
    }

    private static long bytes(JsonObject json, String key) throws CorruptFormatException {
        long bytes = json.integer(key, UNREADABLE);
        return bytes < 0 ? UNREADABLE : bytes;
    }

    byte[] toJson() {
        JsonObject json = JsonObject.empty().with("version", VERSION);
        json = day == null ? json : json.with("day", day.toString());
        json = json.with("day_bytes", dayBytes);
        json = month == null ? json : json.with("month", month.toString());
        json = json.with("month_bytes", monthBytes);
        json = beyondAt == null ? json : json.with("beyond_at", beyondAt.toString());
        return json.with(CHECKSUM, checksum()).toIndentedBytes();
    }

    private long checksum() {
        CRC32C checksum = new CRC32C();
        checksum.update(List.of(day + "", dayBytes + "", month + "", monthBytes + "", beyondAt + "")
                .toString()
                .getBytes(StandardCharsets.UTF_8));
        return checksum.getValue();
    }
}
