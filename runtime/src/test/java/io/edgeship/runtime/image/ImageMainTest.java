package io.edgeship.runtime.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// In processes of their own: the real thing replaces the one that it runs in.
class ImageMainTest {
    @TempDir
    private Path dir;

    /// Prints what the process was given.
    public static final class Witness {
        private Witness() {}

        @SuppressWarnings("SystemOut") // the parent reads it
        public static void main(String[] words) {
            System.out.println("pid " + ProcessHandle.current().pid());
            System.out.println("words " + List.of(words));
            System.out.println("flag " + System.getProperty("flag"));
            System.out.println("variable " + System.getenv("EDGESHIP_JAVA_OPTS"));
            if (List.of(words).contains("fail")) {
                throw new IllegalStateException("as asked");
            }
        }
    }

    private record Ended(int code, long pid, List<String> lines) {}

    @Test
    void withoutOptionsTheMainRunsInTheSameJvm() throws Exception {
        Ended ended = run(Map.of(), "agent", "--config=a b.yaml");
        assertThat(ended.lines())
                .containsExactly(
                        "pid " + ended.pid(), "words [agent, --config=a b.yaml]", "flag image", "variable null");
    }

    @Test
    void optionsComeBehindTheImagesOwnAndTheProcessStaysTheSame() throws Exception {
        Ended ended = run(Map.of("EDGESHIP_JAVA_OPTS", " -Dflag=theirs  -Xmx32m "), "agent", "--config=a b.yaml");
        assertThat(ended.lines())
                .containsExactly(
                        "pid " + ended.pid(), "words [agent, --config=a b.yaml]", "flag theirs", "variable null");
    }

    @Test
    void anExitCodeIsKept() throws Exception {
        Ended ended = run(Map.of("EDGESHIP_JAVA_OPTS", "-Dflag=theirs"), "fail");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.lines()).contains("words [fail]").anyMatch(line -> line.contains("as asked"));
    }

    private Ended run(Map<String, String> variables, String... words) throws Exception {
        Path flags = Files.writeString(
                dir.resolve("flags"),
                "-Xshare:auto --enable-native-access=ALL-UNNAMED -Dflag=image -Dedgeship.image.flags=%s -cp \"%s\""
                        .formatted(dir.resolve("flags"), System.getProperty("java.class.path")));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new java.util.ArrayList<>(
                List.of(java, "@" + flags, ImageMain.class.getName(), Witness.class.getName()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("EDGESHIP_JAVA_OPTS");
        builder.environment().putAll(variables);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), process.pid(), output.lines().toList());
    }
}
