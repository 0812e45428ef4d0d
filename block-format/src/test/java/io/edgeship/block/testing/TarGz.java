package io.edgeship.block.testing;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/// Unpacks the files of an archive as `tar czf` makes it of short names.
public final class TarGz {
    private static final int RECORD_BYTES = 512;
    private static final int NAME_BYTES = 100;
    private static final int SIZE_AT = 124;
    private static final int SIZE_DIGITS = 11;

    private TarGz() {}

    public static void unpack(Path archive, Path into) throws IOException {
        byte[] header = new byte[RECORD_BYTES];
        try (DataInputStream in = new DataInputStream(new GZIPInputStream(Files.newInputStream(archive)))) {
            for (in.readFully(header); header[0] != 0; in.readFully(header)) {
                String name = new String(header, 0, NAME_BYTES, StandardCharsets.UTF_8).replace("\0", "");
                int size = Integer.parseInt(new String(header, SIZE_AT, SIZE_DIGITS, StandardCharsets.UTF_8), 8);
                byte[] content = in.readNBytes((size + RECORD_BYTES - 1) / RECORD_BYTES * RECORD_BYTES);
                if (content.length < size) {
                    throw new EOFException(name);
                }
                Path file = into.resolve(name);
                Files.createDirectories(file.resolveSibling("."));
                try (var out = Files.newOutputStream(file)) {
                    out.write(content, 0, size);
                }
            }
        }
    }
}
