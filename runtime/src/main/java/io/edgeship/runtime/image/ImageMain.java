package io.edgeship.runtime.image;

import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The entry point of an image: runs the main class that its first word names, with the flags of `EDGESHIP_JAVA_OPTS`
/// behind the image's own.
///
/// Flags of a JVM can be given only where it starts, and nothing in the image can do that but a JVM. So where the
/// variable is set, this one gives its place to another (`execve`): same process id, same signals, nothing of it left.
public final class ImageMain {
    private static final String OPTIONS = "EDGESHIP_JAVA_OPTS";

    /// System property: a file that java reads, with the image's flags and class path.
    private static final String FLAGS_FILE = "edgeship.image.flags";

    private ImageMain() {}

    public static void main(String[] words) throws Throwable {
        String options = System.getenv().getOrDefault(OPTIONS, "").strip();
        if (!options.isEmpty()) {
            String java =
                    Path.of(System.getProperty("java.home"), "bin", "java").toString();
            ProcessImage.replace(
                    java, command(java, System.getProperty(FLAGS_FILE, ""), options, words), environment());
        }
        run(words);
    }

    static List<String> command(String java, String flagsFile, String options, String... words) {
        List<String> command = new ArrayList<>(List.of(java, "@" + flagsFile));
        command.addAll(Arrays.asList(options.split("\\s+")));
        command.add(ImageMain.class.getName());
        command.addAll(Arrays.asList(words));
        return command;
    }

    /// Without the variable, or the new process would do it again.
    private static Map<String, String> environment() {
        Map<String, String> environment = new TreeMap<>(System.getenv());
        environment.remove(OPTIONS);
        return environment;
    }

    private static void run(String... words) throws Throwable {
        String[] rest = Arrays.copyOfRange(words, 1, words.length);
        try {
            Class.forName(words[0]).getMethod("main", String[].class).invoke(null, (Object) rest);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
