package io.edgeship.block.pack;

import io.edgeship.block.tsdb.index.SymbolTable;
import io.edgeship.block.tsdb.index.Symbols;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The symbol table, each symbol by how many bytes it shares with the one before. It travels as it is: a
/// Prometheus leaves symbols in it that no series has.
final class SymbolColumn {
    private static final int SYMBOL_BYTES_MAX = 1 << 20;

    private SymbolColumn() {}

    static SymbolTable write(Symbols symbols, FrameWriter.Stream out) throws IOException {
        List<String> all = new ArrayList<>();
        out.uvarint(symbols.count());
        byte[][] before = {new byte[0]};
        symbols.forEach(symbol -> {
            byte[] utf8 = symbol.getBytes(StandardCharsets.UTF_8);
            if (utf8.length > SYMBOL_BYTES_MAX) {
                throw new NotColumnarException("a symbol of %d bytes".formatted(utf8.length));
            }
            int mismatch = Arrays.mismatch(before[0], utf8);
            int shared = mismatch < 0 ? utf8.length : mismatch;
            out.uvarint(shared);
            out.uvarint(utf8.length - (long) shared);
            out.write(utf8, shared, utf8.length - shared);
            before[0] = utf8;
            all.add(symbol);
        });
        out.end();
        return SymbolTable.of(all);
    }

    /// @param bytesMax of all symbols: those of the index that they are for
    static SymbolTable read(FrameReader in, long bytesMax) throws IOException {
        int count = in.number("count of symbols", (int) Math.min(Integer.MAX_VALUE - 8, bytesMax));
        List<String> all = new ArrayList<>();
        byte[] before = {};
        long left = bytesMax;
        for (int i = 0; i < count; i++) {
            int shared = in.number("shared bytes of a symbol", before.length);
            int rest = in.number("length of a symbol", SYMBOL_BYTES_MAX - shared);
            left -= 1L + shared + rest;
            if (left < 0) {
                throw in.corrupt("more symbols than the index holds");
            }
            byte[] symbol = Arrays.copyOf(before, shared + rest);
            in.read(symbol, shared, rest);
            all.add(new String(symbol, StandardCharsets.UTF_8));
            before = symbol;
        }
        in.requireEnd();
        try {
            return SymbolTable.of(all);
        } catch (IllegalArgumentException e) {
            throw in.corrupt("symbols are out of order: " + e.getMessage());
        }
    }
}
