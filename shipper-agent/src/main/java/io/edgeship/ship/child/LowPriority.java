package io.edgeship.ship.child;

import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The words before a command that let everything else go first, as far as this machine has them.
final class LowPriority {
    private static final Log LOG = Log.of(LowPriority.class);
    private static final List<List<String>> WISHES = List.of(List.of("nice", "-n", "19"), List.of("ionice", "-c", "3"));
    private static final int PATIENCE_SECONDS = 10;

    private LowPriority() {}

    static List<String> words() {
        List<String> words = new ArrayList<>();
        for (List<String> wish : WISHES) {
            if (works(wish)) {
                words.addAll(wish);
            }
        }
        return words;
    }

    private static boolean works(List<String> wish) {
        List<String> command = new ArrayList<>(wish);
        command.add("true");
        try {
            Process probe = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            boolean ended = probe.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            probe.destroyForcibly();
            return ended && probe.exitValue() == 0;
        } catch (IOException e) {
            LOG.debug("blocks are worked on without it", "command", wish, "err", e.getMessage());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
