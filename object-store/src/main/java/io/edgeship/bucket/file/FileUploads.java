package io.edgeship.bucket.file;

import io.edgeship.bucket.Body;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.OpenUpload;
import io.edgeship.bucket.UploadedPart;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The multipart uploads of a bucket directory that are still open; the layout is on the package's page.
final class FileUploads {
    private static final Pattern PART = Pattern.compile("(\\d{5})-([0-9a-f]{32})");
    private static final Pattern ID = Pattern.compile("[0-9a-f-]{36}");
    private static final int LISTED_MAX = 1000;

    private final Path dir;
    private final Staging staging;

    FileUploads(Path dir, Staging staging) {
        this.dir = dir;
        this.staging = staging;
    }

    String create(String key) throws IOException {
        String id = UUID.randomUUID().toString();
        Path upload = dir.resolve(id);
        DurableFiles.createDirectories(upload);
        try (Staging.Staged staged = staging.stage(Body.of(key.getBytes(java.nio.charset.StandardCharsets.UTF_8)))) {
            Files.move(staged.file(), upload.resolve("key"), StandardCopyOption.ATOMIC_MOVE);
        }
        DurableFiles.force(upload);
        return id;
    }

    UploadedPart put(String key, String uploadId, int number, Body body) throws IOException {
        Path upload = require(key, uploadId);
        Optional<UploadedPart> appended = new PartsInOrder(upload).append(number, body);
        if (appended.isPresent()) {
            return appended.get();
        }
        try (Staging.Staged staged = staging.stage(body)) {
            UploadedPart part = new UploadedPart(number, body.sizeBytes(), staged.md5Hex());
            for (Path before : files(upload, number)) {
                Files.deleteIfExists(before);
            }
            Files.move(staged.file(), upload.resolve(fileName(part)), StandardCopyOption.ATOMIC_MOVE);
            DurableFiles.force(upload);
            return part;
        }
    }

    List<UploadedPart> parts(String key, String uploadId) throws IOException {
        Path upload = require(key, uploadId);
        List<UploadedPart> parts = new ArrayList<>(new PartsInOrder(upload).parts());
        try (DirectoryStream<Path> files = Files.newDirectoryStream(upload)) {
            for (Path file : files) {
                Matcher name = PART.matcher(String.valueOf(file.getFileName()));
                if (name.matches()) {
                    parts.add(new UploadedPart(Integer.parseInt(name.group(1)), Files.size(file), name.group(2)));
                }
            }
        }
        parts.sort(Comparator.comparingInt(UploadedPart::partNumber));
        return parts;
    }

    List<OpenUpload> list(String prefix) throws IOException {
        List<OpenUpload> open = new ArrayList<>();
        try (DirectoryStream<Path> uploads = Files.newDirectoryStream(dir)) {
            for (Path upload : uploads) {
                Optional<String> key = keyOf(upload);
                if (key.isPresent() && key.get().startsWith(prefix)) {
                    var begun = Files.getLastModifiedTime(upload.resolve("key")).toInstant();
                    open.add(new OpenUpload(key.get(), String.valueOf(upload.getFileName()), begun));
                }
            }
        } catch (NoSuchFileException e) {
            return List.of(); // there never was one
        }
        open.sort(Comparator.comparing(OpenUpload::initiated));
        return open.subList(0, Math.min(open.size(), LISTED_MAX));
    }

    /// All parts one after another in a file that may be moved away: the one they were appended to as they came, or a
    /// staged one.
    Staging.Staged assemble(String key, String uploadId, List<UploadedPart> parts) throws IOException {
        Path upload = require(key, uploadId);
        check(key, parts);
        PartsInOrder inOrder = new PartsInOrder(upload);
        Optional<Path> whole = inOrder.whole(parts);
        if (whole.isPresent()) {
            return new Staging.Staged(whole.get(), "");
        }
        return staging.stage((out, _) -> {
            for (UploadedPart part : parts) {
                if (!inOrder.copy(part, out)) {
                    append(out, upload.resolve(fileName(part)), part, key);
                }
            }
        });
    }

    void remove(String uploadId) throws IOException {
        Path upload = dir.resolve(uploadId);
        if (!ID.matcher(uploadId).matches() || !Files.isDirectory(upload)) {
            return;
        }
        Files.deleteIfExists(upload.resolve("key")); // from here on the upload is gone
        try (DirectoryStream<Path> files = Files.newDirectoryStream(upload)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(upload);
    }

    private static void check(String key, List<UploadedPart> parts) throws BucketException.Refused {
        int before = 0;
        for (UploadedPart part : parts) {
            boolean last = part.equals(parts.getLast());
            if (part.partNumber() <= before || (!last && part.sizeBytes() == 0)) {
                throw new BucketException.Refused(
                        "completing %s: part %d of %d bytes after part %d"
                                .formatted(key, part.partNumber(), part.sizeBytes(), before),
                        null);
            }
            before = part.partNumber();
        }
        if (parts.isEmpty()) {
            throw new BucketException.Refused("completing " + key + " without parts", null);
        }
    }

    private static void append(FileChannel out, Path file, UploadedPart part, String key) throws IOException {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            for (long at = 0; at < in.size(); ) {
                at += in.transferTo(at, in.size() - at, out);
            }
        } catch (NoSuchFileException e) {
            throw new BucketException.Refused(
                    "completing %s: part %d is not there".formatted(key, part.partNumber()), e);
        }
    }

    private Path require(String key, String uploadId) throws IOException {
        Path upload = dir.resolve(uploadId);
        boolean isOpen = ID.matcher(uploadId).matches()
                && keyOf(upload).equals(Optional.of(key))
                && !new PartsInOrder(upload).becameTheObject();
        if (!isOpen) {
            throw new BucketException.NoSuchUpload("no upload " + uploadId + " of " + key, null);
        }
        return upload;
    }

    private static Optional<String> keyOf(Path upload) throws IOException {
        try {
            return Optional.of(Files.readString(upload.resolve("key")));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static List<Path> files(Path upload, int number) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(upload, "%05d-*".formatted(number))) {
            files.forEach(found::add);
        }
        return found;
    }

    private static String fileName(UploadedPart part) {
        return "%05d-%s".formatted(part.partNumber(), part.eTag());
    }
}
