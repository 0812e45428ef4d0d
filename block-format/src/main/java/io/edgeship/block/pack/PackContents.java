package io.edgeship.block.pack;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.edgeship.block.encoding.ByteSource;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.message.v1.PackHeader;
import io.edgeship.block.tsdb.chunkenc.BitDialect;
import io.edgeship.block.tsdb.index.IndexDialect;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// What a pack says that it holds.
///
/// @param files of the block, in the order in which they come to their end; meta.json is the last
public record PackContents(List<PackedFile> files, BitDialect bits, IndexDialect index) {
    static final String INDEX = "index";
    static final String META = "meta.json";
    private static final int VERSION = 1;
    private static final int HEADER_BYTES_MAX = 512 << 10;
    private static final int SHA256_BYTES = 32;
    private static final Pattern SEGMENT = Pattern.compile("chunks/[0-9]{6}");
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");

    /// One file of the block.
    ///
    /// @param path       relative, with `/`
    /// @param sha256     not to be changed
    /// @param isVerbatim whether the pack has its own bytes, else it is made again of the columns
    public record PackedFile(String path, long sizeBytes, byte[] sha256, boolean isVerbatim) {}

    public PackContents {
        files = List.copyOf(files);
    }

    /// Reads how the pack begins, and holds what it declares against the limits.
    ///
    /// @throws CorruptFormatException      for bytes that are no pack, or one that asks for more than it may
    /// @throws UnsupportedVersionException for a pack of a later version
    public static PackContents read(ByteSource pack, PackLimits limits) throws IOException {
        FrameReader in = new FrameReader(pack, FrameKind.HEADER);
        byte[] bytes = in.onlyFrame(HEADER_BYTES_MAX);
        PackHeader header;
        try {
            header = PackHeader.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw in.corrupt("the header is no message: " + e.getMessage());
        }
        if (header.getVersion() != VERSION) {
            throw new UnsupportedVersionException(pack.name(), Math.max(0, header.getVersion()), VERSION);
        }
        PackContents contents = of(header, in);
        contents.require(limits, in);
        return contents;
    }

    private static PackContents of(PackHeader header, FrameReader in) throws CorruptFormatException {
        List<PackedFile> files = new ArrayList<>();
        Set<String> paths = new HashSet<>();
        for (PackHeader.File file : header.getFilesList()) {
            boolean isForm =
                    file.getForm() == PackHeader.Form.FORM_VERBATIM || file.getForm() == PackHeader.Form.FORM_COLUMNS;
            if (!isForm || !isPath(file.getPath()) || !paths.add(file.getPath())) {
                throw in.corrupt("the header has an odd file");
            }
            if (file.getSizeBytes() < 0 || file.getSha256().size() != SHA256_BYTES) {
                throw in.corrupt("the header has no size or hash of " + file.getPath());
            }
            boolean isVerbatim = file.getForm() == PackHeader.Form.FORM_VERBATIM;
            files.add(new PackedFile(
                    file.getPath(), file.getSizeBytes(), file.getSha256().toByteArray(), isVerbatim));
        }
        return new PackContents(
                files,
                header.getBitsBefore30() ? BitDialect.BEFORE_3_0 : BitDialect.SINCE_3_0,
                header.getLabelIndices() ? IndexDialect.BEFORE_3_7 : IndexDialect.SINCE_3_7);
    }

    private void require(PackLimits limits, FrameReader in) throws CorruptFormatException {
        if (files.size() > PackLimits.FILES_MAX) {
            throw in.corrupt("%d files, limit %d".formatted(files.size(), PackLimits.FILES_MAX));
        }
        long left = limits.blockBytesMax();
        for (PackedFile file : files) {
            left = file.sizeBytes() > left ? -1 : left - file.sizeBytes();
            boolean isLargeIndex = file.path().equals(INDEX) && file.sizeBytes() > limits.indexBytesMax();
            if (left < 0 || isLargeIndex) {
                throw in.corrupt(
                        "%s of %d bytes is more than %s allow".formatted(file.path(), file.sizeBytes(), limits));
            }
            if (!file.isVerbatim() && !isColumnPath(file.path())) {
                throw in.corrupt(file.path() + " is not made of columns");
            }
        }
    }

    static boolean isPath(String path) {
        return isColumnPath(path) || PLAIN_NAME.matcher(path).matches();
    }

    static boolean isColumnPath(String path) {
        return path.equals(INDEX) || SEGMENT.matcher(path).matches();
    }

    /// Of the segments that are made of columns.
    long columnChunkBytes() {
        return files.stream()
                .filter(file -> !file.isVerbatim() && !file.path().equals(INDEX))
                .mapToLong(PackedFile::sizeBytes)
                .sum();
    }

    /// Of all files.
    public long sizeBytes() {
        return files.stream().mapToLong(PackedFile::sizeBytes).sum();
    }

    boolean hasColumns() {
        return files.stream().anyMatch(file -> !file.isVerbatim());
    }

    void write(FrameWriter out) throws IOException {
        PackHeader.Builder header = PackHeader.newBuilder()
                .setVersion(VERSION)
                .setBitsBefore30(bits == BitDialect.BEFORE_3_0)
                .setLabelIndices(index == IndexDialect.BEFORE_3_7);
        for (PackedFile file : files) {
            header.addFiles(PackHeader.File.newBuilder()
                    .setPath(file.path())
                    .setSizeBytes(file.sizeBytes())
                    .setSha256(ByteString.copyFrom(file.sha256()))
                    .setForm(file.isVerbatim() ? PackHeader.Form.FORM_VERBATIM : PackHeader.Form.FORM_COLUMNS));
        }
        byte[] bytes = header.build().toByteArray();
        out.frame(FrameKind.HEADER, bytes, bytes.length);
    }
}
