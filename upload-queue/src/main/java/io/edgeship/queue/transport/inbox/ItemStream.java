package io.edgeship.queue.transport.inbox;

import io.edgeship.block.message.PieceName;
import io.edgeship.bucket.Body;
import io.edgeship.queue.Item;
import io.edgeship.queue.Segment;
import io.edgeship.queue.Segments;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/// The bytes of an item as they go out: those of files of the disk, one after the other. Nothing is held or mapped;
/// each reading opens the files anew.
///
/// @param content   what the bytes are
/// @param files     in order
/// @param parts     what they are read from, one after the other
/// @param sizeBytes of all of them
record ItemStream(Content content, List<Item.DataFile> files, List<Item.DataFile> parts, long sizeBytes) {
    static final String META = "meta.json";

    /// What a reading holds of a file at a time.
    static final int WINDOW_BYTES = 64 << 10;

    /// What a stream is made of.
    sealed interface Content {
        /// The item's own files, of a block `meta.json` last.
        record Files() implements Content {}

        /// One file, from which the centre makes the block's again.
        ///
        /// @param metaJson the block's `meta.json`, which is in it too
        record Pack(Path file, Path metaJson) implements Content {}
    }

    /// @param asFiles though there is a pack
    static ItemStream of(Item item, boolean asFiles) throws IOException {
        return switch (item.kind()) {
            case BLOCK -> ofBlock(item, asFiles);
            case LOGS -> ofSegment(item);
        };
    }

    private static ItemStream ofSegment(Item item) throws IOException {
        Segment segment = Segments.of(item);
        return new ItemStream(
                new Content.Files(), segment.files(item.dir()), segment.parts(item.dir()), segment.sizeBytes());
    }

    private static ItemStream ofBlock(Item item, boolean asFiles) throws IOException {
        Path meta = item.dir().resolve(META);
        Optional<Item.DataFile> pack = asFiles ? Optional.empty() : item.pack();
        if (pack.isPresent()) {
            Content content = new Content.Pack(pack.get().path(), meta);
            return new ItemStream(
                    content,
                    List.of(pack.get()),
                    List.of(pack.get()),
                    pack.get().sizeBytes());
        }
        List<Item.DataFile> files = new ArrayList<>(item.dataFiles());
        files.add(new Item.DataFile(META, meta, Files.size(meta)));
        long size = files.stream().mapToLong(Item.DataFile::sizeBytes).sum();
        return new ItemStream(new Content.Files(), List.copyOf(files), List.copyOf(files), size);
    }

    boolean isPack() {
        return content instanceof Content.Pack;
    }

    /// What is in a piece now, by its checksum.
    PieceName piece(long offset, int length) throws IOException {
        CRC32C crc = new CRC32C();
        byte[] window = new byte[WINDOW_BYTES];
        try (InputStream in = open(offset, length)) {
            for (int read = in.read(window); read >= 0; read = in.read(window)) {
                crc.update(window, 0, read);
            }
        }
        return new PieceName(offset, length, (int) crc.getValue());
    }

    Body body(PieceName piece) {
        return new Body() {
            @Override
            public long sizeBytes() {
                return piece.length();
            }

            @Override
            public InputStream open() throws IOException {
                return ItemStream.this.open(piece.offset(), piece.length());
            }
        };
    }

    /// Exactly `length` bytes, or an `IOException`.
    InputStream open(long offset, long length) throws IOException {
        if (offset + length > sizeBytes) {
            throw new IOException("item has %d bytes, want %d at %d".formatted(sizeBytes, length, offset));
        }
        return new RangeStream(parts, offset, length);
    }
}
