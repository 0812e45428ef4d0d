package io.edgeship.block.loki;

import com.fasterxml.jackson.jr.ob.JSON;
import com.fasterxml.jackson.jr.ob.JSONObjectException;
import io.edgeship.block.Utf8Order;
import io.edgeship.block.encoding.ByteSource;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.FormatReader;
import io.edgeship.block.loki.LokiIndexSeries.ChunkRef;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/// Reads the envelope of a Loki chunk file and checks it and its body against the file's name. Stateless.
public final class LokiChunkReader {
    /// Loki aims at 1.5 MB a chunk; a file this large is not one.
    public static final int CHUNK_BYTES_MAX = 64 << 20;

    /// A header is a stream's labels; Loki's own limit on these is far below.
    static final int HEADER_BYTES_MAX = 1 << 20;

    private static final long FINGERPRINT_BITS = 64;

    private LokiChunkReader() {}

    /// The header of `file`, once the bytes have hashed to the checksum in the file's name.
    ///
    /// @throws CorruptFormatException if they do not, or the envelope breaks its rules
    public static LokiChunkHeader read(Path file) throws IOException {
        byte[] bytes = bytesOf(file);
        LokiChunkHeader header = parse(file.toString(), bytes);
        named(file, header);
        return header;
    }

    /// All of `file` but its lines, once the bytes have hashed to the checksum in the file's name.
    ///
    /// @throws CorruptFormatException if they do not, or the file breaks its rules
    public static LokiChunk open(Path file) throws IOException {
        LokiChunk chunk = open(file.toString(), bytesOf(file));
        named(file, chunk.header());
        return chunk;
    }

    /// All of a chunk that nobody has checked yet, but its lines.
    ///
    /// @param file stands for the bytes in errors
    public static LokiChunk open(String file, byte[] bytes) throws IOException {
        if (bytes.length > CHUNK_BYTES_MAX) {
            throw new CorruptFormatException(file, 0, "%d bytes, limit %d".formatted(bytes.length, CHUNK_BYTES_MAX));
        }
        LokiChunkHeader header = parse(file, bytes);
        int bodyOffset = ByteBuffer.wrap(bytes).getInt() + Integer.BYTES;
        LokiChunkBody body = new LokiBodyReader(file, bytes, bodyOffset).read();
        return new LokiChunk(file, bytes, bodyOffset, header, body);
    }

    /// What an index has to know of a chunk, of its header and tables alone: `bytes` are as long as the chunk, and
    /// its blocks need not be in them. The checksum is the key's.
    ///
    /// @throws CorruptFormatException if the tables are not there either, or the chunk is of another key
    public static LokiIndexedChunk outline(LokiChunkKey key, byte[] bytes) throws IOException {
        String file = key.toString();
        LokiChunkHeader header = parse(file, bytes);
        int bodyOffset = ByteBuffer.wrap(bytes).getInt() + Integer.BYTES;
        LokiChunkBody body =
                new LokiBodyReader(file, bytes, bodyOffset).withoutBlocks().read();
        LokiChunkName name = new LokiChunkName(
                header.fromMillis(), header.throughMillis(), key.name().crc32c());
        LokiChunkKey found = new LokiChunkKey(header.tenant(), header.fingerprint(), name);
        if (!found.equals(key)) {
            throw new CorruptFormatException(file, Integer.BYTES, "the header is of " + found);
        }
        LokiChunk chunk = new LokiChunk(file, bytes, bodyOffset, header, body);
        ChunkRef ref = new ChunkRef(
                name.fromMillis(), name.throughMillis(), chunk.kilobytes(), chunk.entries(), name.crc32c(), 0);
        return LokiIndexedChunk.of(file, header, ref);
    }

    private static LokiChunkName nameOf(Path file) throws CorruptFormatException {
        Path fileName = file.getFileName();
        return LokiChunkName.tryParse(fileName == null ? "" : fileName.toString())
                .orElseThrow(() -> new CorruptFormatException(file.toString(), 0, "the name is not a Loki chunk's"));
    }

    private static byte[] bytesOf(Path file) throws IOException {
        LokiChunkName name = nameOf(file);
        if (Files.size(file) > CHUNK_BYTES_MAX) {
            throw new CorruptFormatException(
                    file.toString(), 0, "%d bytes, limit %d".formatted(Files.size(file), CHUNK_BYTES_MAX));
        }
        byte[] bytes = Files.readAllBytes(file);
        checksum(file, bytes, name.crc32c());
        return bytes;
    }

    private static void named(Path file, LokiChunkHeader header) throws CorruptFormatException {
        LokiChunkName name = nameOf(file);
        if (header.fromMillis() != name.fromMillis() || header.throughMillis() != name.throughMillis()) {
            String problem = "header is of %d to %d, the name of %d to %d"
                    .formatted(header.fromMillis(), header.throughMillis(), name.fromMillis(), name.throughMillis());
            throw new CorruptFormatException(file.toString(), Integer.BYTES, problem);
        }
    }

    private static void checksum(Path file, byte[] bytes, int expected) throws CorruptFormatException {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        int actual = (int) crc.getValue();
        if (actual != expected) {
            String problem = "crc32c is %08x, but the name says %08x".formatted(actual, expected);
            throw new CorruptFormatException(file.toString(), 0, problem);
        }
    }

    /// The header of a chunk that nobody has checked yet.
    ///
    /// @param file stands for the bytes in errors
    public static LokiChunkHeader parse(String file, byte[] bytes) throws IOException {
        return parseHead(file, bytes, bytes.length);
    }

    /// The header of a chunk whose body is not at hand.
    ///
    /// @param file      stands for the bytes in errors
    /// @param head      its first bytes: [#headBytes] of them or more
    /// @param sizeBytes of the whole chunk
    public static LokiChunkHeader parseHead(String file, byte[] head, long sizeBytes) throws IOException {
        FormatReader in = new FormatReader(ByteSource.of(file, head));
        int metaBytes = metaBytes(in);
        byte[] framed = in.bytes(metaBytes - Integer.BYTES, "header");
        long dataBytes = Integer.toUnsignedLong(in.u32("dataLen"));
        long follow = sizeBytes - metaBytes - Integer.BYTES;
        if (dataBytes != follow) {
            throw in.corrupt("dataLen is %d, %d bytes follow".formatted(dataBytes, follow));
        }
        return header(file, unframe(file, framed));
    }

    /// How many bytes come before a chunk's body: 4 or more.
    ///
    /// @param file  stands for the bytes in errors
    /// @param first at least the first four bytes of the chunk
    public static int headBytes(String file, byte[] first) throws IOException {
        return metaBytes(new FormatReader(ByteSource.of(file, first))) + Integer.BYTES;
    }

    private static int metaBytes(FormatReader in) throws IOException {
        long metaBytes = Integer.toUnsignedLong(in.u32("metaLen"));
        if (metaBytes < Integer.BYTES || metaBytes - Integer.BYTES > HEADER_BYTES_MAX) {
            throw in.corrupt("metaLen is " + metaBytes);
        }
        return (int) metaBytes;
    }

    private static byte[] unframe(String file, byte[] framed) throws CorruptFormatException {
        try (InputStream in = SnappyFrames.open(framed)) {
            byte[] json = in.readNBytes(HEADER_BYTES_MAX + 1);
            if (json.length > HEADER_BYTES_MAX) {
                throw new CorruptFormatException(file, Integer.BYTES, "header of over " + HEADER_BYTES_MAX + " bytes");
            }
            return json;
        } catch (CorruptFormatException e) {
            throw e;
        } catch (IOException e) {
            throw new CorruptFormatException(file, Integer.BYTES, "header's snappy frames: " + e.getMessage());
        }
    }

    private static LokiChunkHeader header(String file, byte[] json) throws IOException {
        try {
            Map<String, Object> fields =
                    JSON.std.with(JSON.Feature.USE_BIG_DECIMAL_FOR_FLOATS).mapFrom(json);
            TreeMap<String, String> labels = new TreeMap<>(Utf8Order.COMPARATOR);
            for (Map.Entry<?, ?> label : ((Map<?, ?>) field(fields, "metric")).entrySet()) {
                labels.put((String) label.getKey(), (String) label.getValue());
            }
            BigInteger fingerprint = new BigInteger(field(fields, "fingerprint").toString());
            if (fingerprint.signum() < 0 || fingerprint.bitLength() > FINGERPRINT_BITS) {
                throw new CorruptFormatException(file, Integer.BYTES, "fingerprint is " + fingerprint);
            }
            return new LokiChunkHeader(
                    fingerprint.longValue(),
                    (String) field(fields, "userID"),
                    millis(field(fields, "from")),
                    millis(field(fields, "through")),
                    Collections.unmodifiableSortedMap(labels),
                    fields.get("ingestedAt") == null ? null : millis(field(fields, "ingestedAt")),
                    ((Number) field(fields, "encoding")).intValue());
        } catch (JSONObjectException | ClassCastException | ArithmeticException | NumberFormatException e) {
            throw new CorruptFormatException(file, Integer.BYTES, "header's JSON: " + e.getMessage());
        }
    }

    private static Object field(Map<String, Object> fields, String name) throws JSONObjectException {
        Object value = fields.get(name);
        if (value == null) {
            throw new JSONObjectException("no " + name);
        }
        return value;
    }

    /// Seconds with up to three decimals, exactly; a double would be off after 2038.
    private static long millis(Object seconds) {
        return new BigDecimal(seconds.toString()).movePointRight(3).longValueExact();
    }
}
