package io.edgeship.queue;

import io.edgeship.queue.journal.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A file system that promises no more than POSIX does. At a power cut, of what was done to names and not forced any
/// subset stays, whatever the order it was done in; only a rename stays or goes as one. Content under way is torn at
/// any byte, or reads as zeros from there on. What was done also happens on the real file system below the same
/// directory, for whoever reads; a cut makes that what the cut left.
public final class PowerCutDisk implements Disk {
    private final Path root;
    private final Steps steps;
    private final Disk real = new UnforcedDisk();
    private final Folder top;

    private sealed interface Node permits Folder, Content {}

    /// One inode's bytes.
    private static final class Content implements Node {
        private byte[] forced = new byte[0];
        private byte[] now = new byte[0];
    }

    private static final class Folder implements Node {
        private final Map<String, Node> forced = new TreeMap<>();
        private final Map<String, List<Change>> unforced = new TreeMap<>();

        @Nullable Node now(String name) {
            List<Change> changes = unforced.get(name);
            return changes == null ? forced.get(name) : changes.getLast().node;
        }

        /// All changes to a name up to one of them are on disk.
        void force(String name, int count) {
            List<Change> changes = unforced.getOrDefault(name, List.of());
            if (count > 0 && count <= changes.size()) {
                set(forced, name, changes.get(count - 1).node);
                changes.subList(0, count).clear();
                if (changes.isEmpty()) {
                    unforced.remove(name);
                }
            }
        }
    }

    /// What a name stands for from now on.
    private static final class Change {
        private final Folder folder;
        private final String name;
        private final @Nullable Node node;
        private @Nullable Change other; // the other half of a rename

        Change(Folder folder, String name, @Nullable Node node) {
            this.folder = folder;
            this.name = name;
            this.node = node;
        }

        int index() {
            return folder.unforced.getOrDefault(name, List.of()).indexOf(this);
        }
    }

    /// What is below `root` is on disk.
    ///
    /// @param steps are told where a call is in its midst; [Steps#on] tells them of its begin and end
    public PowerCutDisk(Path root, Steps steps) throws IOException {
        this.root = root;
        this.steps = steps;
        top = (Folder) read(root, new HashMap<>());
    }

    private static Node read(Path path, Map<Object, Content> inodes) throws IOException {
        if (!Files.isDirectory(path)) {
            Content content = inodes.computeIfAbsent(Files.getAttribute(path, "unix:ino"), _ -> new Content());
            content.now = content.forced = Files.readAllBytes(path);
            return content;
        }
        Folder folder = new Folder();
        try (Stream<Path> children = Files.list(path)) {
            for (Path child : children.toList()) {
                folder.forced.put(nameOf(child), read(child, inodes));
            }
        }
        return folder;
    }

    /// Loses power. The disk is as good as new afterwards.
    public void cut(Random random) throws IOException {
        int kind = random.nextInt(4); // 0: all of it is lost, 1: nothing but what was under way
        end(random, changes -> kind == 0 ? 0 : kind == 1 ? changes : random.nextInt(changes + 1));
    }

    /// The process is killed: the file system goes on.
    public void kill(Random random) throws IOException {
        end(random, changes -> changes);
    }

    private interface Kept {
        int of(int changes);
    }

    private void end(Random random, Kept kept) throws IOException {
        IdentityHashMap<Folder, Map<String, Integer>> chosen = new IdentityHashMap<>();
        List<Folder> folders = new ArrayList<>();
        collect(top, folders, new IdentityHashMap<>());
        for (Folder folder : folders) {
            Map<String, Integer> counts = new TreeMap<>();
            folder.unforced.forEach((name, changes) -> counts.put(name, kept.of(changes.size())));
            chosen.put(folder, counts);
        }
        keepRenamesWhole(chosen);
        chosen.forEach((folder, counts) -> counts.forEach((name, count) -> {
            folder.force(name, count);
            folder.unforced.remove(name);
        }));
        deleteReal(root, false);
        write(root, top, random, new IdentityHashMap<>());
    }

    private static void collect(Folder folder, List<Folder> into, Map<Folder, Boolean> seen) {
        if (seen.put(folder, true) == null) {
            into.add(folder);
            List<Node> children = new ArrayList<>(folder.forced.values());
            folder.unforced
                    .values()
                    .forEach(changes -> changes.forEach(change -> {
                        if (change.node != null) {
                            children.add(change.node);
                        }
                    }));
            for (Node child : children) {
                if (child instanceof Folder below) {
                    collect(below, into, seen);
                }
            }
        }
    }

    private static void keepRenamesWhole(Map<Folder, Map<String, Integer>> chosen) {
        boolean changed = true;
        while (changed) {
            changed = false;
            for (Map.Entry<Folder, Map<String, Integer>> folder : chosen.entrySet()) {
                for (Map.Entry<String, Integer> name : folder.getValue().entrySet()) {
                    List<Change> changes = folder.getKey().unforced.getOrDefault(name.getKey(), List.of());
                    for (Change change : List.copyOf(changes.subList(0, name.getValue()))) {
                        changed |= change.other != null && raise(chosen, change.other);
                    }
                }
            }
        }
    }

    private static boolean raise(Map<Folder, Map<String, Integer>> chosen, Change change) {
        int needed = change.index() + 1;
        Map<String, Integer> counts = chosen.get(change.folder);
        if (needed == 0 || counts == null || counts.getOrDefault(change.name, 0) >= needed) {
            return false;
        }
        counts.put(change.name, needed);
        return true;
    }

    private static void write(Path path, Node node, Random random, Map<Content, Path> written) throws IOException {
        switch (node) {
            case Folder folder -> {
                Files.createDirectories(path);
                for (Map.Entry<String, Node> child : folder.forced.entrySet()) {
                    write(path.resolve(child.getKey()), child.getValue(), random, written);
                }
            }
            case Content content -> {
                Path before = written.putIfAbsent(content, path);
                if (before != null) {
                    Files.createLink(path, before);
                } else {
                    content.now = content.forced = torn(content, random);
                    Files.write(path, content.now);
                }
            }
        }
    }

    private static byte[] torn(Content content, Random random) {
        byte[] now = content.now;
        byte[] forced = content.forced;
        if (Arrays.equals(now, forced) || random.nextInt(8) == 0) {
            return forced;
        }
        boolean grew = now.length >= forced.length && Arrays.equals(forced, Arrays.copyOf(now, forced.length));
        int from = grew ? forced.length : 0;
        int at = from + random.nextInt(now.length - from + 1);
        byte[] begun = Arrays.copyOf(now, at);
        return random.nextBoolean() ? begun : Arrays.copyOf(begun, now.length);
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            real.createDirectory(directory);
            change(directory, new Folder());
        }
    }

    @Override
    public void link(Path link, Path existing) throws IOException {
        real.link(link, existing);
        change(link, node(existing));
    }

    @Override
    public void copy(Path from, Path to) throws IOException {
        real.copy(from, to);
        fill(to, new Content(), Files.readAllBytes(from), "copy");
    }

    @Override
    public void write(Path file, byte[] content) throws IOException {
        boolean isNew = !Files.exists(file);
        real.write(file, content);
        fill(file, isNew ? new Content() : (Content) node(file), content, "write");
    }

    @Override
    public void append(Path file, long offset, byte[] content) throws IOException {
        boolean isNew = !Files.exists(file);
        real.append(file, offset, content);
        fill(file, isNew ? new Content() : (Content) node(file), Files.readAllBytes(file), "append");
    }

    @Override
    public void truncate(Path file, long sizeBytes) throws IOException {
        real.truncate(file, sizeBytes);
        fill(file, (Content) node(file), Files.readAllBytes(file), "truncate");
    }

    private void fill(Path file, Content inode, byte[] content, String call) {
        Folder folder = folder(file);
        if (folder.now(nameOf(file)) != inode) {
            change(file, inode);
        }
        inode.now = content;
        steps.reach("in the midst of " + call);
        inode.forced = content;
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        Node node = node(from);
        real.move(from, to);
        Change gone = change(from, null);
        Change come = change(to, node);
        gone.other = come;
        come.other = gone;
    }

    @Override
    public void delete(Path path) throws IOException {
        if (Files.exists(path)) {
            real.delete(path);
            change(path, null);
        }
    }

    @Override
    public void forceFile(Path file) {
        if (node(file) instanceof Content content) {
            content.forced = content.now;
        }
    }

    @Override
    public void forceDirectory(Path directory) {
        Folder folder = (Folder) node(directory);
        for (String name : List.copyOf(folder.unforced.keySet())) {
            for (Change change : List.copyOf(folder.unforced.getOrDefault(name, List.of()))) {
                if (change.other != null) {
                    change.other.folder.force(change.other.name, change.other.index() + 1);
                }
            }
            folder.force(name, folder.unforced.getOrDefault(name, List.of()).size());
        }
    }

    /// What somebody else wrote below the root, and forced.
    public void adopt(Path path) throws IOException {
        change(path, read(path, new HashMap<>()));
        forceDirectory(path.resolveSibling(""));
    }

    /// What somebody else deletes, for good.
    public void deleteTree(Path path) throws IOException {
        deleteReal(path, true);
        change(path, null);
        forceDirectory(path.resolveSibling(""));
    }

    private Change change(Path path, @Nullable Node node) {
        Folder folder = folder(path);
        Change change = new Change(folder, nameOf(path), node);
        folder.unforced.computeIfAbsent(nameOf(path), _ -> new ArrayList<>()).add(change);
        return change;
    }

    private Folder folder(Path path) {
        return (Folder) node(path.normalize().resolveSibling(""));
    }

    private Node node(Path path) {
        Node node = top;
        for (Path name : root.relativize(path.normalize())) {
            if (!name.toString().isEmpty()) {
                node = child((Folder) node, name.toString(), path);
            }
        }
        return node;
    }

    private static Node child(Folder folder, String name, Path path) {
        Node child = folder.now(name);
        if (child == null) {
            throw new AssertionError(path + " came into being behind the disk's back");
        }
        return child;
    }

    private static void set(Map<String, Node> names, String name, @Nullable Node node) {
        if (node == null) {
            names.remove(name);
        } else {
            names.put(name, node);
        }
    }

    private static void deleteReal(Path path, boolean itself) throws IOException {
        try (Stream<Path> walk = Files.walk(path)) {
            for (Path child : walk.sorted(Comparator.reverseOrder()).toList()) {
                if (itself || !child.equals(path)) {
                    Files.delete(child);
                }
            }
        }
    }

    private static String nameOf(Path path) {
        return path.normalize().getFileName().toString();
    }
}
