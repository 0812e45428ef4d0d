package io.edgeship.runtime.http.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/// What a change of files shows by, read without opening them.
record FileStamp(Map<Path, String> files) {
    static FileStamp of(Collection<Path> files) {
        Map<Path, String> looks = new TreeMap<>();
        for (Path file : files) {
            looks.put(file, look(file));
        }
        return new FileStamp(looks);
    }

    FileStamp and(FileStamp other) {
        Map<Path, String> all = new TreeMap<>(files);
        all.putAll(other.files);
        return new FileStamp(all);
    }

    private static String look(Path file) {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            return found.lastModifiedTime() + " " + found.size() + " " + found.fileKey();
        } catch (IOException e) {
            return "not there";
        }
    }
}
