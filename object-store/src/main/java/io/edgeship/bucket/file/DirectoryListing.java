package io.edgeship.bucket.file;

import io.edgeship.bucket.ListPage;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.bucket.ObjectKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// One page of a listing: a walk in the order of keys that skips what lies before the page. Used once.
final class DirectoryListing {
    static final String CONTROL = ".edgeship";

    private final Path root;
    private final String prefix;
    private final @Nullable String delimiter;
    private final String token;
    private final int keysMax;
    private final List<ObjectInfo> objects = new ArrayList<>();
    private final List<String> commonPrefixes = new ArrayList<>();
    private @Nullable String last;
    private boolean more;

    DirectoryListing(Path root, String prefix, @Nullable String delimiter, @Nullable String token, int keysMax) {
        if (keysMax < 1 || keysMax > ListPage.KEYS_MAX) {
            throw new IllegalArgumentException("keysMax is " + keysMax);
        }
        this.root = root;
        this.prefix = prefix;
        this.delimiter = delimiter;
        this.token = token == null ? "" : token;
        this.keysMax = keysMax;
    }

    ListPage page(BiFunction<String, BasicFileAttributes, ObjectInfo> info) throws IOException {
        int slash = prefix.lastIndexOf('/');
        String folder = slash < 0 ? "" : prefix.substring(0, slash + 1);
        walk(folder.isEmpty() ? root : root.resolve(folder), folder, info);
        return new ListPage(objects, commonPrefixes, more ? last : null);
    }

    private void walk(Path dir, String folder, BiFunction<String, BasicFileAttributes, ObjectInfo> info)
            throws IOException {
        for (String key : children(dir, folder)) {
            if (more) {
                return;
            }
            if (key.endsWith("/")) {
                folder(key, info);
            } else if (key.startsWith(prefix) && after(key)) {
                object(key, info);
            }
        }
    }

    private void folder(String key, BiFunction<String, BasicFileAttributes, ObjectInfo> info) throws IOException {
        boolean inside = key.startsWith(prefix);
        if (!inside && !prefix.startsWith(key)) {
            return;
        }
        if (inside && "/".equals(delimiter)) {
            if (after(key) && hasObject(root.resolve(key)) && takesOneMore(key)) {
                commonPrefixes.add(key);
            }
            return;
        }
        boolean allBefore = ObjectKeys.BYTE_ORDER.compare(key, token) < 0 && !token.startsWith(key);
        if (!allBefore) {
            walk(root.resolve(key), key, info);
        }
    }

    private void object(String key, BiFunction<String, BasicFileAttributes, ObjectInfo> info) throws IOException {
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(root.resolve(key), BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            return; // deleted since the folder was read
        }
        if (takesOneMore(key)) {
            objects.add(info.apply(key, attributes));
        }
    }

    /// Whether the key belongs to this page or a later one.
    private boolean after(String key) {
        return ObjectKeys.BYTE_ORDER.compare(key, token) > 0;
    }

    private boolean takesOneMore(String key) {
        if (objects.size() + commonPrefixes.size() == keysMax) {
            more = true;
            return false;
        }
        last = key;
        return true;
    }

    /// Keys of the files in `dir` and, with a slash at the end, of its folders, in the order of the keys below them.
    private List<String> children(Path dir, String folder) throws IOException {
        List<String> keys = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(dir)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (!(folder.isEmpty() && name.equals(CONTROL))) {
                    keys.add(folder + name + (Files.isDirectory(entry) ? "/" : ""));
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of(); // no key has this prefix, or none any more
        }
        keys.sort(ObjectKeys.BYTE_ORDER);
        return keys;
    }

    private static boolean hasObject(Path dir) throws IOException {
        try (var files = Files.walk(dir)) {
            return files.anyMatch(Files::isRegularFile);
        } catch (NoSuchFileException e) {
            return false;
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof NoSuchFileException) {
                return false; // deleted while it was looked at
            }
            throw e.getCause();
        }
    }
}
