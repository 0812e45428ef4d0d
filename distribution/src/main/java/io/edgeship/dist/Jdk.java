package io.edgeship.dist;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;

/// The JDK that an image's runtime is linked from. It says which platform the image is for.
///
/// @param architecture as container registries say it: `amd64`, `arm64`
record Jdk(Path home, String architecture, String version, String vendor) {
    /// Of the desktop only `java.beans` is wanted, by Quartz.
    private static final String NO_SCREEN =
            "--exclude-files=**/libawt*,**/libfontmanager*,**/libfreetype*,**/libjavajpeg*,"
                    + "**/libjawt*,**/liblcms*,**/libmlib_image*,**/libsplashscreen*,**/libjsound*,**/psfont*,"
                    + "**/bin/keytool,**/bin/rmiregistry,**/bin/jrunscript";

    /// @throws IOException if it is not one of Java 25 for Linux
    static Jdk at(Path home) throws IOException {
        Properties release = new Properties();
        try (Reader in = Files.newBufferedReader(home.resolve("release"))) {
            release.load(in);
        }
        String system = value(release, "OS_NAME") + " " + value(release, "OS_ARCH");
        String architecture = switch (system) {
            case "Linux x86_64" -> "amd64";
            case "Linux aarch64" -> "arm64";
            default ->
                throw new IOException("%s: images are for Linux on x86_64 or aarch64, not %s".formatted(home, system));
        };
        String version = value(release, "JAVA_VERSION");
        if (!version.startsWith("25")) {
            throw new IOException("%s: the images want Java 25, not %s".formatted(home, version));
        }
        return new Jdk(home, architecture, version, value(release, "IMPLEMENTOR"));
    }

    private static String value(Properties release, String key) {
        return release.getProperty(key, "").replace("\"", "");
    }

    /// Makes a runtime of these modules in `target`, which must not be there yet.
    void link(String modules, Path target) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                home.resolve("bin/jlink").toString(),
                "--add-modules=" + modules,
                "--output=" + target,
                "--strip-java-debug-attributes",
                "--no-header-files",
                "--no-man-pages",
                NO_SCREEN));
        Program.run(home, command, Set.of(0));
    }
}
