package io.edgeship.ship.loki;

import io.edgeship.block.loki.LokiChunkKey;
import io.edgeship.block.loki.LokiDayIndexes;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The chunk root of an edge Loki. What is no chunk by its name is passed over: the index and much else lie there too.
///
/// @param root its directory
record ChunkTree(Path root) {
    /// Where Loki keeps its index; no tenant can be called so.
    private static final String INDEX = "index";

    /// Is told of each chunk's file; it may be half written, or gone by now.
    interface Visitor {
        void found(LokiChunkKey key, Path file) throws IOException;
    }

    /// Looks at every name once; one directory is open at a level, and nothing is held.
    ///
    /// @throws IOException if the root or a directory in it cannot be read, and was not deleted meanwhile
    void walk(Visitor visitor) throws IOException {
        try (DirectoryStream<Path> names = Files.newDirectoryStream(root)) {
            for (Path child : names) {
                if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                    tenant(child, visitor);
                } else {
                    Optional<LokiChunkKey> flat = LokiChunkKey.ofFlat(nameOf(child));
                    if (flat.isPresent()) {
                        visitor.found(flat.get(), child);
                    }
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /// The tenants that have a folder in it.
    List<String> tenants() throws IOException {
        List<String> tenants = new ArrayList<>();
        try (DirectoryStream<Path> names = Files.newDirectoryStream(root)) {
            for (Path child : names) {
                String name = nameOf(child);
                if (!name.equals(INDEX)
                        && LokiDayIndexes.isTenant(name)
                        && Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                    tenants.add(name);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return List.copyOf(tenants);
    }

    private static void tenant(Path tenant, Visitor visitor) throws IOException {
        try (DirectoryStream<Path> streams = Files.newDirectoryStream(tenant)) {
            for (Path stream : streams) {
                if (Files.isDirectory(stream, LinkOption.NOFOLLOW_LINKS)) {
                    stream(tenant, stream, visitor);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            // Loki deletes a folder with the last chunk in it.
        }
    }

    /// All chunks that lie in the folder of this one's stream.
    List<LokiChunkKey> stream(LokiChunkKey key) throws IOException {
        Path tenant = root.resolve(key.tenant());
        List<LokiChunkKey> chunks = new ArrayList<>();
        stream(tenant, tenant.resolve(Long.toHexString(key.fingerprint())), (other, _) -> chunks.add(other));
        return chunks;
    }

    private static void stream(Path tenant, Path stream, Visitor visitor) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(stream)) {
            for (Path file : files) {
                Optional<LokiChunkKey> key = LokiChunkKey.ofFolders(nameOf(tenant), nameOf(stream), nameOf(file));
                if (key.isPresent()) {
                    visitor.found(key.get(), file);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            // As above.
        }
    }

    /// Where a chunk lies now, if it does.
    Optional<Path> find(LokiChunkKey key) {
        return key.paths(root).stream().filter(Files::isRegularFile).findFirst();
    }

    private static String nameOf(Path path) {
        return String.valueOf(path.getFileName());
    }
}
