package io.edgeship.queue.transport.inbox;

import com.google.protobuf.ByteString;
import io.edgeship.block.encoding.FileSource;
import io.edgeship.block.message.v1.Manifest;
import io.edgeship.block.message.v1.Manifest.Codec;
import io.edgeship.block.pack.PackContents;
import io.edgeship.block.pack.PackContents.PackedFile;
import io.edgeship.block.pack.PackLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a manifest says of an item beside its pieces.
///
/// @param files    that the centre is to make of the stream, `meta.json` last
/// @param metaJson for a pack the bytes of that; else empty
record Description(Codec codec, List<Manifest.File> files, ByteString metaJson) {
    private static final PackLimits ANY = new PackLimits(Long.MAX_VALUE, Long.MAX_VALUE);

    Description {
        files = List.copyOf(files);
    }

    /// @param check of the very stream
    static Description of(ItemStream stream, StreamCheck check) throws IOException {
        return switch (stream.content()) {
            case ItemStream.Content.Files() -> new Description(Codec.CODEC_PLAIN, check.files(), ByteString.EMPTY);
            case ItemStream.Content.Pack(var pack, var meta) -> ofPack(pack, meta);
        };
    }

    /// The pack's header tells the files; the pack was held against them when it was made.
    private static Description ofPack(Path pack, Path meta) throws IOException {
        try (FileSource source = FileSource.open(pack)) {
            List<Manifest.File> files = PackContents.read(source, ANY).files().stream()
                    .map(Description::file)
                    .toList();
            return new Description(Codec.CODEC_PACK, files, ByteString.copyFrom(Files.readAllBytes(meta)));
        }
    }

    private static Manifest.File file(PackedFile file) {
        return Manifest.File.newBuilder()
                .setPath(file.path())
                .setSizeBytes(file.sizeBytes())
                .setSha256(ByteString.copyFrom(file.sha256()))
                .build();
    }

    boolean isPack() {
        return codec == Codec.CODEC_PACK;
    }
}
