package io.edgeship.dist;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/// A `.tar.gz` whose bytes depend on names and contents alone: sorted, one time, owner 0. Written when it is closed.
final class TarGz implements Closeable {
    private static final int EXECUTABLE = 0755;
    private static final int PLAIN = 0644;

    private final Path target;
    private final Instant time;
    private final Map<String, Content> contents = new TreeMap<>();

    private record Content(byte[] bytes, boolean executable) {}

    TarGz(Path target, Instant time) {
        this.target = target;
        this.time = time;
    }

    /// A file with its bytes; executable if it is so.
    void add(String name, Path file) throws IOException {
        contents.put(name, new Content(Files.readAllBytes(file), Files.isExecutable(file)));
    }

    void add(String name, String text) {
        contents.put(name, new Content(text.getBytes(StandardCharsets.UTF_8), false));
    }

    /// Every file below `directory`; a link becomes what it leads to.
    void addTree(String prefix, Path directory) throws IOException {
        for (Path file : Tree.files(directory)) {
            add(prefix + "/" + directory.relativize(file), file);
        }
    }

    @Override
    public void close() throws IOException {
        try (var out = new TarArchiveOutputStream(
                new GZIPOutputStream(new BufferedOutputStream(Files.newOutputStream(target))), "UTF-8")) {
            out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (Map.Entry<String, Content> named : contents.entrySet()) {
                Content content = named.getValue();
                TarArchiveEntry entry = new TarArchiveEntry(named.getKey());
                entry.setSize(content.bytes().length);
                entry.setMode(content.executable() ? EXECUTABLE : PLAIN);
                entry.setIds(0, 0);
                entry.setLastModifiedTime(FileTime.from(time));
                out.putArchiveEntry(entry);
                out.write(content.bytes());
                out.closeArchiveEntry();
            }
        }
    }
}
