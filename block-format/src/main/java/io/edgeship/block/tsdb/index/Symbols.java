package io.edgeship.block.tsdb.index;

import io.edgeship.block.encoding.ByteSource;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.FormatReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// The symbol table: every label name and value once. Memory is 8 bytes for every [#SAMPLING]th symbol and a cache of
/// [#CACHED_MAX] of them, whatever the table's size. Not thread-safe.
public final class Symbols {
    private static final int SAMPLING = 32;
    private static final int CACHED_MAX = 8192;

    private final int version;
    private final FormatReader in;
    private final long first;
    private final long end;
    private final long count;
    private final long[] sampledOffsets;
    private final boolean sorted;
    private final Map<Long, String> cache = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, String> eldest) {
            return size() > CACHED_MAX;
        }
    };

    private Symbols(
            int version, FormatReader in, long first, long end, long count, long[] sampledOffsets, boolean sorted) {
        this.version = version;
        this.in = in;
        this.first = first;
        this.end = end;
        this.count = count;
        this.sampledOffsets = sampledOffsets;
        this.sorted = sorted;
    }

    /// Reads the table once, checking its checksum.
    static Symbols read(ByteSource source, int version, long offset) throws IOException {
        FormatReader in = new FormatReader(source);
        in.seek(offset, "symbols");
        long length = Integer.toUnsignedLong(in.u32("length of symbols"));
        if (length < Integer.BYTES || length > in.remaining() - Integer.BYTES) {
            throw in.corrupt("length of symbols is %d, %d bytes left".formatted(length, in.remaining()));
        }
        long end = in.position() + length;
        in.beginChecksum();
        long count = Integer.toUnsignedLong(in.u32("count of symbols"));
        if (count > length) {
            throw in.corrupt("%d symbols in %d bytes".formatted(count, length));
        }
        long first = in.position();
        long[] sampled = new long[(int) ((count + SAMPLING - 1) / SAMPLING)];
        byte[] before = {};
        boolean sorted = true;
        for (long i = 0; i < count; i++) {
            if (i % SAMPLING == 0) {
                sampled[(int) (i / SAMPLING)] = in.position();
            }
            byte[] symbol = in.bytes(in.length("length of a symbol"), "symbol");
            sorted &= i == 0 || Arrays.compareUnsigned(before, symbol) < 0;
            before = symbol;
        }
        if (in.position() != end) {
            throw in.corrupt("symbols end at %d, their length says %d".formatted(in.position(), end));
        }
        in.checksum("symbols");
        return new Symbols(version, in, first, end, count, sampled, sorted);
    }

    public long count() {
        return count;
    }

    /// Whether the table is in strict order of bytes, as it must be.
    public boolean sorted() {
        return sorted;
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
        cache.put(ref, symbol);
        return symbol;
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

    private String text() throws IOException, CorruptFormatException {
        return new String(in.bytes(in.length("length of a symbol"), "symbol"), StandardCharsets.UTF_8);
    }
}
