package io.edgeship.agent;

import io.edgeship.block.BlockId;
import io.edgeship.queue.Item;
import io.edgeship.queue.Place;
import io.edgeship.queue.Spool;
import io.edgeship.queue.link.BacklogEstimate;
import io.edgeship.queue.link.LinkGovernor;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.Sizes;
import io.edgeship.ship.BlockChoice;
import io.edgeship.ship.Found;
import io.edgeship.ship.Preview;
import io.edgeship.ship.SourceConfig;
import io.edgeship.ship.loki.ChunkPreview;
import io.edgeship.ship.loki.LokiConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What the agent would do, and what that costs: a line a block and one for all log chunks of a kind, then the
/// backlog's bytes, days and share of the budget. Changes nothing.
///
/// @param blocks a line each
record DryRun(List<String> blocks, BacklogEstimate estimate) {
    /// @param bytesPerSecond that the link is assumed to carry
    static DryRun of(AgentConfig config, long bytesPerSecond, InstantSource clock) throws IOException, ConfigException {
        List<String> blocks = new ArrayList<>();
        long backlog = 0;
        for (SourceConfig source : config.sources()) {
            Sources.requireDirectory(source.path());
            Set<BlockId> seen = new HashSet<>();
            for (var entry : Preview.of(source, clock).entrySet()) {
                long bytes = bytesOf(entry.getKey());
                blocks.add(line(entry.getKey().meta().id(), bytes, words(entry.getValue())));
                backlog += isToBeSent(entry.getValue()) ? bytes : 0;
                seen.add(entry.getKey().meta().id());
            }
            backlog += waiting(source, seen, blocks);
        }
        for (LokiConfig source : config.lokis()) {
            backlog += chunks(source, clock, blocks);
        }
        return new DryRun(
                blocks,
                BacklogEstimate.of(
                        backlog,
                        config.link(),
                        config.site(),
                        clock.instant(),
                        bytesPerSecond,
                        count(config.spools().getFirst())));
    }

    /// Of chunks there are too many for a line each.
    private static long chunks(LokiConfig source, InstantSource clock, List<String> lines)
            throws IOException, ConfigException {
        Sources.requireDirectory(source.path());
        ChunkPreview preview = ChunkPreview.of(source, clock);
        preview.sums()
                .forEach((what, sum) -> lines.add("%s  %10s  %d log chunk(s): %s"
                        .formatted(source.path(), Sizes.print(sum.bytes()), sum.chunks(), what)));
        return preview.bytesToSend();
    }

    /// What waits in the spool, and Prometheus has deleted since.
    private static long waiting(SourceConfig source, Set<BlockId> seen, List<String> blocks) throws IOException {
        if (!Files.isDirectory(source.spool())) {
            return 0;
        }
        Map<BlockId, Long> waiting = new TreeMap<>();
        try (Spool spool = Spool.look(source.spool())) {
            spool.incoming().forEach(item -> waiting.put(item.id(), item.sizeBytes()));
            for (Item item : spool.ready()) {
                waiting.put(item.id(), item.bytesToSend());
            }
        }
        waiting.keySet().removeAll(seen);
        waiting.forEach((id, bytes) -> blocks.add(line(id, bytes, "known, only in the spool")));
        return waiting.values().stream().mapToLong(Long::longValue).sum();
    }

    /// What is used of the budget already.
    private static Optional<byte[]> count(Path first) throws IOException {
        if (!Files.isDirectory(first)) {
            return Optional.empty();
        }
        try (Spool spool = Spool.look(first)) {
            return spool.kept(LinkGovernor.BUDGET_FILE);
        }
    }

    private static boolean isToBeSent(BlockChoice choice) {
        return switch (choice) {
            case BlockChoice.Take _ -> true;
            case BlockChoice.Known(var place) -> place == Place.INCOMING || place == Place.READY;
            case BlockChoice.Skip _, BlockChoice.Hold _, BlockChoice.Keep _ -> false;
        };
    }

    private static String line(BlockId id, long bytes, String what) {
        return "%s  %10s  %s".formatted(id, Sizes.print(bytes), what);
    }

    private static String words(BlockChoice choice) {
        return switch (choice) {
            case BlockChoice.Take(var replaces) -> replaces.isEmpty() ? "take" : "take, replaces " + replaces;
            case BlockChoice.Known(var place) -> "known, in " + place.directory();
            case BlockChoice.Skip(var reason) -> "skip: " + reason;
            case BlockChoice.Hold(var reason) -> "hold: " + reason;
            case BlockChoice.Keep(var reason) -> "take, cut or held: " + reason;
        };
    }

    private static long bytesOf(Found block) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(block.dir())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    ExitCode print(Terminal terminal) {
        blocks.forEach(terminal.out()::println);
        terminal.out().println();
        estimate.lines().forEach(terminal.out()::println);
        return ExitCode.DONE;
    }
}
