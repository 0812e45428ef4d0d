package io.edgeship.block.loki;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4FrameInputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG;
import net.jpountz.xxhash.XXHashFactory;
import org.xerial.snappy.SnappyFramedOutputStream;

/// How the blocks of a chunk are compressed: one way for all of them.
public enum LokiCodec {
    NONE(0, "none"),
    GZIP(1, "gzip"),
    LZ4_64K(3, "lz4-64k"),
    SNAPPY(4, "snappy"),
    LZ4_256K(5, "lz4-256k"),
    LZ4_1M(6, "lz4-1M"),
    LZ4_4M(7, "lz4"),
    FLATE(8, "flate"),
    ZSTD(9, "zstd");

    private static final int BUFFER_BYTES = 4096;
    private static final int ZSTD_LEVEL = 3;

    private final int code;
    private final String label;

    LokiCodec(int code, String label) {
        this.code = code;
        this.label = label;
    }

    int code() {
        return code;
    }

    /// As `chunk_encoding` of Loki's configuration has it.
    public String label() {
        return label;
    }

    public static Optional<LokiCodec> ofLabel(String label) {
        return Arrays.stream(values())
                .filter(codec -> codec.label.equals(label))
                .findFirst();
    }

    static Optional<LokiCodec> ofCode(int code) {
        return Arrays.stream(values()).filter(codec -> codec.code == code).findFirst();
    }

    /// The bytes behind `packed`. Bytes that break the codec's rules are an [IOException] here or at a read.
    InputStream unpack(InputStream packed) throws IOException {
        return switch (this) {
            case NONE -> packed;
            case GZIP -> new GZIPInputStream(packed, BUFFER_BYTES);
            case FLATE -> new OwnInflater(packed);
            case SNAPPY -> SnappyFrames.open(packed.readAllBytes()); // a block of a chunk, which is in memory
            case ZSTD -> new ZstdInputStreamNoFinalizer(packed);
            case LZ4_64K, LZ4_256K, LZ4_1M, LZ4_4M ->
                // The library's Java code: its native decompressors have read past their input before.
                new LZ4FrameInputStream(
                        packed,
                        LZ4Factory.safeInstance().safeDecompressor(),
                        XXHashFactory.safeInstance().hash32());
        };
    }

    byte[] pack(byte[] plain) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream(plain.length / 2 + BUFFER_BYTES);
        try (OutputStream out = packing(packed)) {
            out.write(plain);
        }
        return packed.toByteArray();
    }

    private OutputStream packing(OutputStream out) throws IOException {
        return switch (this) {
            case NONE -> out;
            case GZIP -> new GZIPOutputStream(out);
            case FLATE -> new OwnDeflater(out);
            case SNAPPY -> new SnappyFramedOutputStream(out);
            case ZSTD -> new ZstdOutputStreamNoFinalizer(out, ZSTD_LEVEL);
            case LZ4_64K -> lz4(out, BLOCKSIZE.SIZE_64KB);
            case LZ4_256K -> lz4(out, BLOCKSIZE.SIZE_256KB);
            case LZ4_1M -> lz4(out, BLOCKSIZE.SIZE_1MB);
            case LZ4_4M -> lz4(out, BLOCKSIZE.SIZE_4MB);
        };
    }

    private static OutputStream lz4(OutputStream out, BLOCKSIZE size) throws IOException {
        return new LZ4FrameOutputStream(
                out,
                size,
                -1,
                LZ4Factory.safeInstance().fastCompressor(),
                XXHashFactory.safeInstance().hash32(),
                FLG.Bits.BLOCK_INDEPENDENCE);
    }

    /// Raw deflate. The library's stream leaves an inflater that it was given open.
    private static final class OwnInflater extends InflaterInputStream {
        OwnInflater(InputStream in) {
            super(in, new Inflater(true), BUFFER_BYTES);
        }

        @Override
        public void close() throws IOException {
            super.close();
            inf.end();
        }
    }

    /// The other way round.
    private static final class OwnDeflater extends DeflaterOutputStream {
        OwnDeflater(OutputStream out) {
            super(out, new Deflater(Deflater.DEFAULT_COMPRESSION, true), BUFFER_BYTES);
        }

        @Override
        public void close() throws IOException {
            super.close();
            def.end();
        }
    }
}
