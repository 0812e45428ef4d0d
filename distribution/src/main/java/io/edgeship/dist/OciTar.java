package io.edgeship.dist;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/// An OCI layout in a tar, made complete: containerd takes an image's name from an annotation that Jib does not write,
/// and
/// a Docker without containerd reads `manifest.json` instead of the index.
final class OciTar {
    private static final String INDEX = "index.json";
    private static final int PLAIN = 0644;

    private OciTar() {}

    /// @param name as in `edgeship-agent:0.1.0`
    static void rewrite(Path raw, Path target, String name) throws IOException {
        Map<String, byte[]> files = read(raw);
        Map<String, Object> index = object(files, INDEX);
        Map<String, Object> image = map(list(index, "manifests").getFirst());
        image.put(
                "annotations",
                Map.of(
                        "io.containerd.image.name",
                        "docker.io/library/" + name,
                        "org.opencontainers.image.ref.name",
                        name.substring(name.indexOf(':') + 1)));
        files.put(INDEX, bytes(index));
        files.put("manifest.json", bytes(List.of(dockerManifest(files, image, name))));
        write(files, target);
    }

    private static Map<String, Object> dockerManifest(Map<String, byte[]> files, Map<String, Object> image, String name)
            throws IOException {
        Map<String, Object> manifest = object(files, blob(image));
        List<String> layers = new ArrayList<>();
        for (Object layer : list(manifest, "layers")) {
            layers.add(blob(map(layer)));
        }
        Map<String, Object> docker = new TreeMap<>();
        docker.put("Config", blob(map(part(manifest, "config"))));
        docker.put("Layers", layers);
        docker.put("RepoTags", List.of(name));
        return docker;
    }

    private static String blob(Map<String, Object> descriptor) {
        return "blobs/" + String.valueOf(descriptor.get("digest")).replace(':', '/');
    }

    private static Map<String, byte[]> read(Path tar) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (var in = new TarArchiveInputStream(Files.newInputStream(tar))) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (entry.isFile()) {
                    files.put(entry.getName(), in.readAllBytes());
                }
            }
        }
        return files;
    }

    private static void write(Map<String, byte[]> files, Path target) throws IOException {
        try (var out = new TarArchiveOutputStream(Files.newOutputStream(target))) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
                entry.setSize(file.getValue().length);
                entry.setMode(PLAIN);
                entry.setIds(0, 0);
                entry.setLastModifiedTime(FileTime.from(ImageTree.TIME));
                out.putArchiveEntry(entry);
                out.write(file.getValue());
                out.closeArchiveEntry();
            }
        }
    }

    private static Map<String, Object> object(Map<String, byte[]> files, String name) throws IOException {
        byte[] file = files.get(name);
        if (file == null) {
            throw new IOException("no " + name + " in the image");
        }
        return JSON.std.mapFrom(file);
    }

    private static byte[] bytes(Object json) throws IOException {
        return JSON.std.asString(json).getBytes(StandardCharsets.UTF_8);
    }

    private static Object part(Map<String, Object> of, String key) throws IOException {
        Object part = of.get(key);
        if (part == null) {
            throw new IOException("no " + key + " in " + of);
        }
        return part;
    }

    @SuppressWarnings("unchecked") // JSON objects
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked") // a JSON array
    private static List<Object> list(Map<String, Object> of, String key) throws IOException {
        return (List<Object>) part(of, key);
    }
}
