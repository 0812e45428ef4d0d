package io.edgeship.agent;

import io.edgeship.block.BlockId;
import io.edgeship.queue.Place;
import io.edgeship.queue.Spool;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Option;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.Usage;
import io.edgeship.runtime.cli.UsageException;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.ship.Reship;
import io.edgeship.ship.SourceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `queue reship`: sends again what was shipped and is still on disk, where the bucket has lost it.
final class ReshipCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                "queue reship",
                "[ULID]",
                "Send again what was shipped and is still on disk",
                List.of(
                        new Option("config", "FILE", "agent.yaml"),
                        new Option(
                                "from",
                                "TIME",
                                "instead of a ULID: all that has samples or lines from here, 2026-11-01T00:00:00Z"),
                        new Option("to", "TIME", "… and before here; without it, until now"),
                        new Option(
                                "force",
                                null,
                                "also behind later data that was shipped, and merged blocks whose parts were shipped")),
                "What the bucket still holds is compared and left as it is. The agent must be stopped.");
    }

    @Override
    public ExitCode run(Arguments arguments, Terminal terminal) throws Exception {
        Reship.Wanted wanted = wanted(arguments);
        AgentConfig config = AgentCommand.config(arguments);
        int done = 0;
        Set<String> gone = new LinkedHashSet<>();
        for (SourceConfig source : config.sources()) {
            if (!Files.isDirectory(source.spool())) {
                continue;
            }
            try (Spool spool = Spool.open(source.spool())) {
                Optional<String> elsewhere = elsewhere(wanted, spool);
                if (elsewhere.isPresent()) {
                    terminal.err().println(elsewhere.get());
                    return ExitCode.WORK_LEFT;
                }
                Reship.Plan plan = Reship.plan(wanted, source.path(), spool);
                requireNoHole(config, arguments.flag("force"), plan, spool);
                for (Reship.Unit unit : plan.units()) {
                    done += send(unit, spool, terminal);
                }
                gone.addAll(plan.gone());
            }
        }
        int chunks = ReshipChunks.run(wanted, config.lokis(), gone, terminal);
        return tell(wanted, config, done, chunks, gone, terminal);
    }

    private static Reship.Wanted wanted(Arguments arguments) throws UsageException {
        List<String> operands = arguments.operands();
        Optional<String> from = arguments.value("from");
        Optional<String> to = arguments.value("to");
        if (operands.size() == 1 && from.isEmpty() && to.isEmpty()) {
            String text = operands.getFirst();
            return new Reship.Wanted.One(
                    BlockId.tryParse(text).orElseThrow(() -> new UsageException("'" + text + "' is not a ULID")));
        }
        if (!operands.isEmpty() || from.isEmpty()) {
            throw new UsageException("one ULID is wanted, or --from TIME, and --to TIME if there is an end");
        }
        long begin = time("from", from.get());
        long end = to.isPresent() ? time("to", to.get()) : Long.MAX_VALUE;
        if (end <= begin) {
            throw new UsageException("--to is later than --from");
        }
        return new Reship.Wanted.Between(begin, end);
    }

    private static long time(String option, String text) throws UsageException {
        try {
            return OffsetDateTime.parse(text).toInstant().toEpochMilli();
        } catch (DateTimeParseException e) {
            throw new UsageException("--" + option + " is a time like 2026-11-01T00:00:00Z");
        }
    }

    /// A block that is no matter of sending again.
    private static Optional<String> elsewhere(Reship.Wanted wanted, Spool spool) {
        if (!(wanted instanceof Reship.Wanted.One(var id))) {
            return Optional.empty();
        }
        return spool.find(id).flatMap(place -> switch (place) {
            case INCOMING, READY -> Optional.of(id + " waits to be shipped already");
            case QUARANTINE ->
                Optional.of(
                        id + " was set aside and never shipped: edgeship queue show says why, queue retry tries again");
            case SHIPPED -> Optional.empty();
        });
    }

    private static void requireNoHole(AgentConfig config, boolean forced, Reship.Plan plan, Spool spool)
            throws ConfigException, IOException {
        if (forced) {
            return;
        }
        for (Reship.Unit unit : plan.units()) {
            BlockId id = unit.blocks().getFirst().meta().id();
            if (unit.merged()) {
                throw new ConfigException(
                        ("%s was merged from blocks that were shipped: where the bucket still has one of "
                                        + "these, samples are there twice; say --force if it has none")
                                .formatted(id));
            }
            if (config.centre() == AgentConfig.Centre.THANOS && Reship.comesBehind(unit, spool.shippedRecords())) {
                throw new ConfigException(
                        ("later data than that of %s was shipped: a stock Thanos compactor that has merged "
                                        + "around it while it was missing halts. Set centre: edgeship, or say --force if the bucket "
                                        + "was emptied or nothing was merged since")
                                .formatted(id));
            }
        }
    }

    private static int send(Reship.Unit unit, Spool spool, Terminal terminal) throws IOException {
        List<BlockId> ids = new ArrayList<>();
        unit.blocks().forEach(block -> ids.add(block.meta().id()));
        if (ids.stream().map(spool::find).anyMatch(place -> place.isPresent() && place.get() != Place.SHIPPED)) {
            ids.forEach(id -> terminal.out().println(id + " waits already, or was set aside"));
            return 0;
        }
        Reship.run(unit, spool);
        ids.forEach(id -> terminal.out().println(id + " is in the spool and will be sent again"));
        return ids.size();
    }

    private static ExitCode tell(
            Reship.Wanted wanted, AgentConfig config, int done, int chunks, Set<String> gone, Terminal terminal) {
        // With several sources a block is at one of them, and nowhere at the others.
        boolean found = done > 0 && wanted instanceof Reship.Wanted.One;
        if (!found) {
            gone.forEach(terminal.err()::println);
        }
        if (done + chunks == 0 && gone.isEmpty()) {
            terminal.err().println("nothing was shipped that has samples or lines there and is still on disk");
        }
        if (done > 0 && config.transport().isThroughInbox()) {
            terminal.out()
                    .println(
                            "Where the bucket lost a block that it had accepted, delete its receipt at the centre first: "
                                    + "edgeship/sites/%s/*/receipts/ULID.pb".formatted(config.site()));
        }
        return done + chunks > 0 && (found || gone.isEmpty()) ? ExitCode.DONE : ExitCode.WORK_LEFT;
    }
}
