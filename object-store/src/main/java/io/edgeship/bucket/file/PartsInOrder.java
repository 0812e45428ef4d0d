package io.edgeship.bucket.file;

import io.edgeship.bucket.Body;
import io.edgeship.bucket.UploadedPart;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Parts of one upload that come in order of their numbers: each is appended to one file, which becomes the object as
/// it is. So no byte is written twice. Any other part is kept in a file of its own.
///
/// A part counts once an empty file that names and places it is there; bytes after the last that counts are a crash's.
/// One writer at a time: whoever comes second, or after one that crashed, keeps its part apart.
final class PartsInOrder {
    private static final Pattern NAME = Pattern.compile("(\\d{5})-([0-9a-f]{32})-(\\d{1,18})-(\\d{1,18})");

    private final Path upload;
    private final Path data;

    /// @param upload its directory
    PartsInOrder(Path upload) {
        this.upload = upload;
        data = upload.resolve("data");
    }

    private record Appended(UploadedPart part, long offset) {
        long end() {
            return offset + part.sizeBytes();
        }

        String name() {
            return "%05d-%s-%d-%d".formatted(part.partNumber(), part.eTag(), offset, part.sizeBytes());
        }
    }

    /// Appends the part; empty where it does not follow on those that are there, or somebody else is at it.
    Optional<UploadedPart> append(int number, Body body) throws IOException {
        Path claim = upload.resolve("writing");
        try {
            Files.createFile(claim);
        } catch (FileAlreadyExistsException _) {
            return Optional.empty();
        }
        try {
            List<Appended> before = appended();
            if (!before.isEmpty() && before.getLast().part().partNumber() == number) { // sent again
                Files.delete(upload.resolve(before.removeLast().name()));
                DurableFiles.force(upload);
            }
            int next = before.isEmpty() ? 1 : before.getLast().part().partNumber() + 1;
            if (number != next || isApart(number)) {
                return Optional.empty();
            }
            return Optional.of(
                    write(number, body, before.isEmpty() ? 0 : before.getLast().end()));
        } finally {
            Files.deleteIfExists(claim);
        }
    }

    private boolean isApart(int number) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(upload, "%05d-*".formatted(number))) {
            return files.iterator().hasNext();
        }
    }

    private UploadedPart write(int number, Body body, long at) throws IOException {
        MessageDigest md5 = Staging.md5();
        try (FileChannel out = FileChannel.open(data, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            out.truncate(at);
            out.position(at);
            Staging.copy(body, out, md5);
            out.force(true); // before the name that makes it count
        }
        String tag = Staging.tag(body).orElseGet(() -> HexFormat.of().formatHex(md5.digest()));
        UploadedPart part = new UploadedPart(number, body.sizeBytes(), tag);
        Files.createFile(upload.resolve(new Appended(part, at).name()));
        DurableFiles.force(upload);
        return part;
    }

    /// Whether the upload was completed, and a crash kept its directory from going away.
    boolean becameTheObject() throws IOException {
        return !Files.exists(data) && !named().isEmpty();
    }

    /// Those that were appended, by number. None once the file has become the object.
    List<UploadedPart> parts() throws IOException {
        return appended().stream().map(Appended::part).toList();
    }

    private List<Appended> appended() throws IOException {
        return Files.exists(data) ? named() : new ArrayList<>();
    }

    private List<Appended> named() throws IOException {
        List<Appended> parts = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(upload)) {
            for (Path file : files) {
                Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
                if (name.matches()) {
                    UploadedPart part = new UploadedPart(
                            Integer.parseInt(name.group(1)), Long.parseLong(name.group(4)), name.group(2));
                    parts.add(new Appended(part, Long.parseLong(name.group(3))));
                }
            }
        }
        parts.sort(Comparator.comparingLong(Appended::offset));
        return parts;
    }

    /// The file with just these parts in it, forced; empty if they do not lie there so.
    Optional<Path> whole(List<UploadedPart> wanted) throws IOException {
        List<Appended> there = appended();
        if (there.size() < wanted.size()) {
            return Optional.empty();
        }
        long end = 0;
        for (int i = 0; i < wanted.size(); i++) {
            if (!there.get(i).equals(new Appended(wanted.get(i), end))) {
                return Optional.empty();
            }
            end = there.get(i).end();
        }
        try (FileChannel out = FileChannel.open(data, StandardOpenOption.WRITE)) {
            out.truncate(end);
            out.force(true);
        }
        return Optional.of(data);
    }

    /// Copies a part to `out`; false if it is not here.
    boolean copy(UploadedPart part, FileChannel out) throws IOException {
        Optional<Appended> found =
                appended().stream().filter(one -> one.part().equals(part)).findFirst();
        if (found.isEmpty()) {
            return false;
        }
        try (FileChannel in = FileChannel.open(data, StandardOpenOption.READ)) {
            for (long at = found.get().offset(); at < found.get().end(); ) {
                long copied = in.transferTo(at, found.get().end() - at, out);
                if (copied == 0) {
                    throw new IOException(data + " ends at " + at);
                }
                at += copied;
            }
        }
        return true;
    }
}
