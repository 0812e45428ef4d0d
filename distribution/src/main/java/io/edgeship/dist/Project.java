package io.edgeship.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The checkout that is distributed; Maven has built its jars.
///
/// @param version of all that is made
/// @param time of every file in every archive
record Project(Path root, String version, Instant time) {
    private static final Pattern VERSION = Pattern.compile("<artifactId>edgeship</artifactId>\\s*<version>([^<]+)<");
    private static final Pattern TIME = Pattern.compile("<project\\.build\\.outputTimestamp>([^<]+)<");

    static Project at(Path root) throws IOException {
        Path pom = root.resolve("pom.xml");
        String text = Files.readString(pom);
        return new Project(root, only(VERSION, text, pom), Instant.parse(only(TIME, text, pom)));
    }

    private static String only(Pattern pattern, String text, Path file) throws IOException {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IOException("%s: nothing in it matches %s".formatted(file, pattern));
        }
        return matcher.group(1);
    }

    /// The class path of a module, its own jar first.
    List<Path> jars(String module) throws IOException {
        Path target = root.resolve(module).resolve("target");
        List<Path> jars = new ArrayList<>(List.of(target.resolve(module + "-" + version + ".jar")));
        for (String jar :
                Files.readString(target.resolve("classpath.txt")).strip().split(":")) {
            jars.add(Path.of(jar));
        }
        for (Path jar : jars) {
            if (!Files.isRegularFile(jar)) {
                throw new IOException("%s: is no jar; class path of %s".formatted(jar, module));
            }
        }
        return jars;
    }

    /// Whether Maven made it from this checkout.
    boolean isOurs(Path jar) {
        return jar.startsWith(root);
    }
}
