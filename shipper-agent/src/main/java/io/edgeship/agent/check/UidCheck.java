package io.edgeship.agent.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Whether the agent runs as the user that owns the blocks: the kernel lets nobody else hard-link them.
final class UidCheck {
    private UidCheck() {}

    /// @param owner     of the newest block, or of the directory
    /// @param protectedLinks what `fs.protected_hardlinks` says; true where nobody knows
    record Facts(int ours, int owner, boolean protectedLinks) {}

    static Finding look(Path path, Optional<Path> newestBlock) {
        try {
            Facts facts = new Facts(uid(Path.of("/proc/self")), uid(newestBlock.orElse(path)), isProtected());
            return judge(facts).of(path);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return Finding.skip(Check.UID, "owners cannot be read: " + e.getMessage())
                    .of(path);
        }
    }

    private static int uid(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid");
    }

    private static boolean isProtected() {
        try {
            return !Files.readString(Path.of("/proc/sys/fs/protected_hardlinks"))
                    .strip()
                    .equals("0");
        } catch (IOException e) {
            return true;
        }
    }

    static Finding judge(Facts facts) {
        if (facts.ours() == facts.owner()) {
            return Finding.pass(Check.UID, "runs as uid %d, which owns the blocks".formatted(facts.ours()));
        }
        String who = "runs as uid %d, the blocks belong to uid %d".formatted(facts.ours(), facts.owner());
        String fix =
                "run this check and the agent as uid %d; in Kubernetes leave runAsUser out of the agent's container, then the pod's applies"
                        .formatted(facts.owner());
        if (facts.ours() == 0) {
            return Finding.warn(Check.UID, who + ": root may link them, and owns what it writes there", fix);
        }
        return facts.protectedLinks()
                ? Finding.fail(Check.UID, who + ", and fs.protected_hardlinks forbids linking them", fix)
                : Finding.warn(Check.UID, who + "; fs.protected_hardlinks is off here, elsewhere it is not", fix);
    }
}
