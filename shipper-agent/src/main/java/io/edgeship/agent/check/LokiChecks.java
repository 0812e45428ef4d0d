package io.edgeship.agent.check;

import io.edgeship.runtime.config.Durations;
import io.edgeship.runtime.config.Sizes;
import io.edgeship.ship.loki.LokiConfig;
import io.edgeship.ship.loki.LokiLook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// All that is looked at for one source of type `loki`; nothing goes over the link, and what is changed is
/// taken back.
///
/// @param bytesPerDay that the source makes; 0 where nobody can tell
record LokiChecks(List<Finding> findings, long bytesPerDay) {
    private static final String SAME_PATH =
            "set sources[].path to the directory in which the Loki writes chunks: its /config says which";

    static LokiChecks of(LokiConfig source, Setup setup) {
        Path path = source.path();
        List<Finding> findings = new ArrayList<>();
        LokiLook.Running running = LokiLook.ask(source);
        Optional<LokiLook> look = look(source, findings);
        look.ifPresent(found -> {
            findings.add(PathCheck.access(path));
            Path near = SourceChecks.near(source.spool());
            if (!near.equals(path)) {
                findings.add(PathCheck.access(near));
            }
            findings.add(UidCheck.lookAtChunk(path, found.newest()));
            findings.add(LinkCheck.lookAtChunk(path, found.newest(), near, found.bytesPerDay()));
            findings.addAll(DiskCheck.look(near, setup.limits()));
            findings.add(retention(running, setup.offlineDays()).of(path));
            findings.add(room(found, near, setup).of(path));
            findings.add(chunks(found).of(path));
        });
        findings.add(loki(running).of(path));
        look.ifPresent(found -> findings.add(tenants(found).of(path)));
        return new LokiChecks(findings, look.map(LokiLook::bytesPerDay).orElse(0L));
    }

    /// Empty where the path is wrong, with the finding that says so.
    private static Optional<LokiLook> look(LokiConfig source, List<Finding> findings) {
        Path path = source.path();
        if (!Files.isDirectory(path)) {
            String wrong = Files.exists(path) ? "is no directory" : "does not exist";
            findings.add(Finding.fail(Check.PATH, wrong, SAME_PATH).of(path));
            return Optional.empty();
        }
        try {
            LokiLook look = LokiLook.of(source);
            findings.add(path(path, look).of(path));
            return Optional.of(look);
        } catch (IOException e) {
            findings.add(Finding.fail(
                            Check.ACCESS,
                            "chunks cannot be read: " + e.getMessage(),
                            "run this check and the agent as Loki's user")
                    .of(path));
            return Optional.empty();
        }
    }

    private static Finding path(Path path, LokiLook look) {
        if (look.chunks() > 0 || Files.isDirectory(path.resolve("index"))) {
            return Finding.pass(Check.PATH, "is a chunk directory of a Loki");
        }
        return Files.isDirectory(path.resolve("chunks"))
                ? Finding.fail(
                        Check.PATH,
                        "holds no chunks, but chunks/ in it may: this is Loki's path_prefix",
                        "add /chunks to sources[].path")
                : Finding.warn(
                        Check.PATH, "holds neither chunks nor index/: the Loki is new, or writes elsewhere", SAME_PATH);
    }

    static Finding retention(LokiLook.Running running, int offlineDays) {
        if (running.silence().isPresent()) {
            return Finding.skip(Check.RETENTION, "Loki did not say how long it keeps chunks");
        }
        if (running.retention().isEmpty()) {
            return Finding.pass(Check.RETENTION, "Loki deletes no chunks");
        }
        Duration kept = running.retention().get();
        String text = "Loki keeps %s; %d days offline are promised (--offline-days)"
                .formatted(Durations.print(kept), offlineDays);
        return kept.toDays() < offlineDays
                ? Finding.warn(
                        Check.RETENTION,
                        text + ": only an agent that runs keeps chunks longer",
                        "set limits_config.retention_period to %dd or more".formatted(offlineDays))
                : Finding.pass(Check.RETENTION, text);
    }

    private static Finding room(LokiLook look, Path near, Setup setup) {
        if (look.bytesPerDay() == 0) {
            return Finding.skip(Check.ROOM, "there are no chunks yet to tell how much a day takes");
        }
        try {
            long free = Files.getFileStore(near).getUsableSpace();
            double days = free / (double) look.bytesPerDay();
            String text = "%s a day, %s free: room for %.1f days more, %d are promised (--offline-days)"
                    .formatted(Sizes.print(look.bytesPerDay()), Sizes.print(free), days, setup.offlineDays());
            return days < setup.offlineDays()
                    ? Finding.warn(
                            Check.ROOM, text, "a larger disk, fewer lines, or a shorter promise (--offline-days)")
                    : Finding.pass(Check.ROOM, text);
        } catch (IOException e) {
            return Finding.skip(Check.ROOM, "the disk cannot be looked at: " + e.getMessage());
        }
    }

    private static Finding chunks(LokiLook look) {
        return look.chunks() == 0
                ? Finding.warn(
                        Check.CHUNKS,
                        "none yet",
                        "a Loki writes its first after max_chunk_age or chunk_idle_period; if it has run longer, see path")
                : Finding.pass(Check.CHUNKS, "%d chunk(s), %s".formatted(look.chunks(), Sizes.print(look.bytes())));
    }

    static Finding loki(LokiLook.Running running) {
        if (running.silence().isPresent()) {
            return Finding.warn(
                    Check.LOKI,
                    "Loki was not heard (%s): nobody knows whether it writes its chunks here"
                            .formatted(running.silence().get()),
                    "set sources[].url to its own address, like http://127.0.0.1:3100, and start it");
        }
        return running.mismatch().isPresent()
                ? Finding.fail(Check.LOKI, running.mismatch().get(), SAME_PATH + ", or path_in_loki")
                : Finding.pass(Check.LOKI, "writes its chunks here");
    }

    private static Finding tenants(LokiLook look) {
        if (look.refusedTenants().isEmpty()) {
            return Finding.pass(Check.TENANTS, "every tenant can be shipped");
        }
        return Finding.fail(
                Check.TENANTS,
                "not shipped: " + String.join("; ", look.refusedTenants().values()),
                "set sources[].tenants to fleet or site, or rename the tenant at the site");
    }
}
