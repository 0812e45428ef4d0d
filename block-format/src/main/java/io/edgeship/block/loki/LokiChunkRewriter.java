package io.edgeship.block.loki;

import com.fasterxml.jackson.jr.ob.JSON;
import io.edgeship.block.Utf8Order;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jpountz.xxhash.XXHashFactory;
import org.xerial.snappy.SnappyFramedOutputStream;

/// Makes a chunk of another tenant, with more labels or in another codec, and changes all that hangs on it:
/// fingerprint, header, tables and checksums; the name follows from the bytes. Stateless. The same chunk and edit
/// give the same bytes as long as the codec's library does not change; without a new codec always.
public final class LokiChunkRewriter {
    private static final byte LABEL_END = (byte) 0xff;
    private static final int FRAME_BYTES = 64 << 10;

    private LokiChunkRewriter() {}

    /// The chunk that `edit` makes of `chunk`, read again from its bytes and checked.
    ///
    /// @throws IOException if the stream has a label of an added name already, or a block cannot be unpacked
    public static LokiChunk rewrite(LokiChunk chunk, LokiChunkEdit edit) throws IOException {
        byte[] bytes = bytes(chunk, edit);
        return LokiChunkReader.open(chunk.file() + " as rewritten", bytes);
    }

    private static byte[] bytes(LokiChunk chunk, LokiChunkEdit edit) throws IOException {
        LokiCodec codec = edit.codec();
        byte[] body = codec == null || codec == chunk.codec() ? chunk.bodyBytes() : body(chunk, codec);
        IndexBytes out = new IndexBytes();
        out.append(head(header(chunk.file(), chunk.header(), edit), body.length));
        out.append(body);
        return out.toBytes();
    }

    /// All that comes before the body in a chunk file. The header depends on nothing in the body, so that a chunk whose
    /// codec stays needs no more to become another.
    public static byte[] head(LokiChunkHeader header, int bodyBytes) throws IOException {
        byte[] framed = frames(json(header));
        IndexBytes out = new IndexBytes();
        out.u32(Integer.BYTES + framed.length);
        out.append(framed);
        out.u32(bodyBytes);
        return out.toBytes();
    }

    /// What `edit` makes of a header.
    ///
    /// @param file stands for the chunk in errors
    /// @throws IOException as [#rewrite]
    public static LokiChunkHeader header(String file, LokiChunkHeader old, LokiChunkEdit edit) throws IOException {
        TreeMap<String, String> labels = new TreeMap<>(Utf8Order.COMPARATOR);
        labels.putAll(old.labels());
        for (Map.Entry<String, String> label : edit.labels().entrySet()) {
            if (labels.putIfAbsent(label.getKey(), label.getValue()) != null) {
                throw new IOException("%s: its stream has a label %s already".formatted(file, label.getKey()));
            }
        }
        String tenant = edit.tenant() == null ? old.tenant() : edit.tenant();
        if (!LokiDayIndexes.isTenant(tenant)) {
            throw new IOException("%s: no tenant is called '%s'".formatted(file, tenant));
        }
        return new LokiChunkHeader(
                // A stream that shares its hash with another has a number of Loki's choice: kept where the labels are.
                edit.labels().isEmpty() ? old.fingerprint() : fingerprint(labels),
                tenant,
                old.fromMillis(),
                old.throughMillis(),
                labels,
                old.ingestedMillis(),
                old.encoding());
    }

    /// Loki's hash of a stream: XXH64 of its labels in order, without `__name__`.
    public static long fingerprint(SortedMap<String, String> labels) {
        ByteArrayOutputStream hashed = new ByteArrayOutputStream();
        labels.forEach((name, value) -> {
            if (!name.equals("__name__")) {
                hashed.writeBytes(name.getBytes(StandardCharsets.UTF_8));
                hashed.write(LABEL_END);
                hashed.writeBytes(value.getBytes(StandardCharsets.UTF_8));
                hashed.write(LABEL_END);
            }
        });
        return XXHashFactory.safeInstance().hash64().hash(hashed.toByteArray(), 0, hashed.size(), 0);
    }

    private static byte[] json(LokiChunkHeader header) throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("fingerprint", new BigInteger(Long.toUnsignedString(header.fingerprint())));
        fields.put("userID", header.tenant());
        fields.put("from", seconds(header.fromMillis()));
        fields.put("through", seconds(header.throughMillis()));
        fields.put("metric", header.labels());
        Long ingestedMillis = header.ingestedMillis();
        if (ingestedMillis != null) {
            fields.put("ingestedAt", seconds(ingestedMillis));
        }
        fields.put("encoding", header.encoding());
        return (JSON.std.asString(fields) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /// Three decimals or none, as Go's `model.Time` has it.
    private static BigDecimal seconds(long millis) {
        BigDecimal seconds = BigDecimal.valueOf(millis, 3);
        return millis % 1000 == 0 ? seconds.setScale(0) : seconds;
    }

    /// Frames that are not compressed, so that the bytes never depend on the library's version.
    private static byte[] frames(byte[] json) throws IOException {
        ByteArrayOutputStream framed = new ByteArrayOutputStream();
        try (SnappyFramedOutputStream out = new SnappyFramedOutputStream(framed, FRAME_BYTES, Double.MIN_NORMAL)) {
            out.write(json);
        }
        return framed.toByteArray();
    }

    private static byte[] body(LokiChunk chunk, LokiCodec codec) throws IOException {
        LokiChunkBody body = chunk.body();
        if (body.version() < LokiChunkBody.FIRST_WITH_CODEC) {
            throw new IOException(
                    "%s: a body of version %d has no codec but gzip".formatted(chunk.file(), body.version()));
        }
        IndexBytes out = new IndexBytes();
        out.u32(LokiChunkBody.MAGIC);
        out.u8(body.version());
        out.u8(codec.code());
        int symbolsAt = out.size();
        if (body.holdsMetadata()) {
            out.uvarint(body.symbols().texts().size());
            out.append(repack(body, codec));
            out.checksum(symbolsAt);
        }
        int symbolsEnd = out.size();
        IndexBytes metas = new IndexBytes();
        blocks(chunk, codec, out, metas);
        int metasAt = out.size();
        out.append(metas.toBytes());
        out.checksum(metasAt);
        if (body.holdsMetadata()) {
            out.u64(symbolsEnd - Integer.BYTES - symbolsAt);
            out.u64(symbolsAt);
            out.u64(metas.size());
        }
        out.u64(metasAt);
        return out.toBytes();
    }

    private static byte[] repack(LokiChunkBody body, LokiCodec codec) throws IOException {
        IndexBytes plain = new IndexBytes();
        body.symbols().texts().forEach(plain::text);
        return codec.pack(plain.toBytes());
    }

    private static void blocks(LokiChunk chunk, LokiCodec codec, IndexBytes out, IndexBytes metas) throws IOException {
        List<LokiBlockMeta> blocks = chunk.body().blocks();
        List<byte[]> payloads = chunk.payloads();
        metas.uvarint(blocks.size());
        for (int i = 0; i < blocks.size(); i++) {
            LokiBlockMeta block = blocks.get(i);
            int at = out.size();
            byte[] packed = codec.pack(payloads.get(i));
            out.append(packed);
            out.checksum(at);
            metas.uvarint(block.entries());
            metas.varint(block.minNanos());
            metas.varint(block.maxNanos());
            metas.uvarint(at);
            if (chunk.version() >= LokiChunkBody.FIRST_WITH_SIZES) {
                metas.uvarint(block.uncompressedBytes());
            }
            metas.uvarint(packed.length);
        }
    }
}
