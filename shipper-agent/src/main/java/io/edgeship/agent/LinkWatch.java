package io.edgeship.agent;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/// Notices that the link is back while the ship thread waits: a network interface came up, or the store's address
/// accepts a connection again after it did not. Only the change counts: a store that can be reached and fails all the
/// same is left to the wait. Used by the ship thread.
final class LinkWatch {
    /// Where Linux lists its network interfaces.
    static final Path INTERFACES = Path.of("/sys/class/net");

    static final Duration BETWEEN_PROBES = Duration.ofSeconds(5);

    private final Path interfaces;
    private final BooleanSupplier reaches;
    private final LongSupplier nanoTime;
    private SortedMap<String, String> states = new TreeMap<>();
    private Optional<Boolean> reached = Optional.empty();
    private long probedAtNanos;

    /// @param reaches whether the store's address can be connected to
    LinkWatch(Path interfaces, BooleanSupplier reaches, LongSupplier nanoTime) {
        this.interfaces = interfaces;
        this.reaches = reaches;
        this.nanoTime = nanoTime;
        states = states();
    }

    /// Whether the link came back since the last call. Called every second or so; connects every few seconds only.
    boolean isBack() {
        SortedMap<String, String> now = states();
        boolean cameUp = now.entrySet().stream()
                .anyMatch(state -> state.getValue().equals("up") && !"up".equals(states.get(state.getKey())));
        states = now;
        return isReachedAgain() || cameUp;
    }

    private boolean isReachedAgain() {
        long time = nanoTime.getAsLong();
        if (reached.isPresent() && time - probedAtNanos < BETWEEN_PROBES.toNanos()) {
            return false;
        }
        boolean before = reached.orElse(true); // a wait begins with a failure, but not always with the link's
        boolean after = reaches.getAsBoolean();
        reached = Optional.of(after);
        probedAtNanos = nanoTime.getAsLong();
        return after && !before;
    }

    /// `operstate` of each interface but the loopback; none where the system does not tell.
    private SortedMap<String, String> states() {
        SortedMap<String, String> found = new TreeMap<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(interfaces)) {
            for (Path one : all) {
                String name = String.valueOf(one.getFileName());
                if (!name.equals("lo")) {
                    found.put(name, Files.readString(one.resolve("operstate")).strip());
                }
            }
        } catch (IOException e) {
            return found; // gone meanwhile, or not Linux: the probe tells
        }
        return found;
    }
}
