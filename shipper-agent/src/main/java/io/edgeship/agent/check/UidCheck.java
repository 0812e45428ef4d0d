package io.edgeship.agent.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Whether the agent runs as the user that owns the blocks: the kernel lets nobody else hard-link them.
final class UidCheck {
    private static final String BLOCKS = "blocks";

    private UidCheck() {}

    /// @param owner     of the newest block, or of the directory
    /// @param protectedLinks what `fs.protected_hardlinks` says; true where nobody knows
    record Facts(int ours, int owner, boolean protectedLinks) {}

    static Finding look(Path path, Optional<Path> newestBlock) {
        return look(path, newestBlock, BLOCKS);
    }

    /// As [#look], with a chunk of a Loki.
    static Finding lookAtChunk(Path path, Optional<Path> newestChunk) {
        return look(path, newestChunk, "chunks");
    }

    private static Finding look(Path path, Optional<Path> newest, String what) {
        try {
            Facts facts = new Facts(uid(Path.of("/proc/self")), uid(newest.orElse(path)), isProtected());
            return judge(facts, what).of(path);
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
        return judge(facts, BLOCKS);
    }

    private static Finding judge(Facts facts, String what) {
        if (facts.ours() == facts.owner()) {
            return Finding.pass(Check.UID, "runs as uid %d, which owns the %s".formatted(facts.ours(), what));
        }
        String who = "runs as uid %d, the %s belong to uid %d".formatted(facts.ours(), what, facts.owner());
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
