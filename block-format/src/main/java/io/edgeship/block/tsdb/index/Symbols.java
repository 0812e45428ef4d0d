package io.edgeship.block.tsdb.index;

import io.edgeship.block.encoding.ByteSource;
import io.edgeship.block.encoding.FormatReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/// The symbol table: every label name and value once. Memory is 8 bytes for every [#SAMPLING]th symbol and a cache of
/// [#CACHED_MAX] that together have [#CACHED_CHARS_MAX] characters, whatever the table's size. Not thread-safe.
public final class Symbols {
    private static final int SAMPLING = 32;
    private static final int CACHED_MAX = 8192;

    /// Of all symbols that are cached. Long ones are, too: series that all name one would have it read each time.
    private static final int CACHED_CHARS_MAX = 2 << 20;

    private final int version;
    private final FormatReader in;
    private final long first;
    private final long end;
    private final long count;
    private final long[] sampledOffsets;
    private final long unorderedAt;
    private final Map<Long, String> cache = new LinkedHashMap<>(16, 0.75f, true); // the one used longest ago first
    private long cachedChars;

    private Symbols(
            int version, FormatReader in, long first, long end, long count, long[] sampledOffsets, long unorderedAt) {
        this.version = version;
        this.in = in;
        this.first = first;
        this.end = end;
        this.count = count;
        this.sampledOffsets = sampledOffsets;
        this.unorderedAt = unorderedAt;
    }

    /// Reads the table once, checking its checksum.
    static Symbols read(ByteSource source, int version, long offset) throws IOException {
        FormatReader in = new FormatReader(source);
        in.seek(offset, "symbols");
        long end = IndexReader.beginTable(in, "symbols");
        long count = Integer.toUnsignedLong(in.u32("count of symbols"));
        long first = in.position();
        if (count > end - first) {
            throw in.corrupt("%d symbols in %d bytes".formatted(count, end - first));
        }
        long[] sampled = new long[(int) ((count + SAMPLING - 1) / SAMPLING)];
        byte[] before = {};
        long unorderedAt = -1;
        for (long i = 0; i < count; i++) {
            if (i % SAMPLING == 0) {
                sampled[(int) (i / SAMPLING)] = in.position();
            }
            long at = in.position();
            byte[] symbol = in.bytes(in.length("length of a symbol"), "symbol");
            if (unorderedAt < 0 && i > 0 && Arrays.compareUnsigned(before, symbol) >= 0) {
                unorderedAt = at;
            }
            before = symbol;
        }
        if (in.position() != end) {
            throw in.corrupt("symbols end at %d, their length says %d".formatted(in.position(), end));
        }
        in.checksum("symbols");
        return new Symbols(version, in, first, end, count, sampled, unorderedAt);
    }

    public long count() {
        return count;
    }

    /// Offset of the first symbol that does not come after the one before it, in the order of bytes; -1 where, as it
    /// must be, there is none.
    public long unorderedAt() {
        return unorderedAt;
    }

    /// Whether references are numbers from zero on; in version 1 they are offsets.
    public boolean isNumbered() {
        return version != IndexReader.VERSION_1;
    }

    /// Whether `ref` can be a reference into this table.
    boolean holds(long ref) {
        return version == IndexReader.VERSION_1 ? ref >= first && ref < end : ref >= 0 && ref < count;
    }

    /// The symbol that a series entry refers to.
    public String get(long ref) throws IOException {
        String cached = cache.get(ref);
        if (cached != null) {
            return cached;
        }
        if (!holds(ref)) {
            throw in.corrupt("symbol reference " + Long.toUnsignedString(ref) + " points outside the table");
        }
        String symbol = version == IndexReader.VERSION_1 ? at(ref) : nth(ref);
        keep(ref, symbol);
        return symbol;
    }

    private void keep(long ref, String symbol) {
        cache.put(ref, symbol);
        cachedChars += symbol.length();
        Iterator<String> eldest = cache.values().iterator();
        while (cache.size() > CACHED_MAX || (cachedChars > CACHED_CHARS_MAX && cache.size() > 1)) {
            cachedChars -= eldest.next().length();
            eldest.remove();
        }
    }

    /// What [#forEach] calls.
    @FunctionalInterface
    public interface SymbolVisitor {
        void symbol(String symbol) throws IOException;
    }

    /// Each symbol, in the order of the table.
    public void forEach(SymbolVisitor visitor) throws IOException {
        long next = first;
        for (long i = 0; i < count; i++) {
            in.seek(next, "symbol");
            String symbol = text();
            next = in.position(); // the visitor may look up others
            visitor.symbol(symbol);
        }
    }

    private String at(long offset) throws IOException {
        in.seek(offset, "symbol reference");
        return text();
    }

    private String nth(long number) throws IOException {
        in.seek(sampledOffsets[(int) (number / SAMPLING)], "symbol");
        for (long skip = number % SAMPLING; skip > 0; skip--) {
            skipOne();
        }
        return text();
    }

    private void skipOne() throws IOException {
        int length = in.length("length of a symbol");
        in.seek(in.position() + length, "symbol");
    }

    private String text() throws IOException {
        return new String(in.bytes(in.length("length of a symbol"), "symbol"), StandardCharsets.UTF_8);
    }
}
