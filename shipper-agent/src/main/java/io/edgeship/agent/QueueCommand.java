package io.edgeship.agent;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.queue.Place;
import io.edgeship.queue.Quarantined;
import io.edgeship.queue.ShippedRecord;
import io.edgeship.queue.Spool;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Option;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.Usage;
import io.edgeship.runtime.cli.UsageException;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.Sizes;
import io.edgeship.ship.Losses;
import io.edgeship.ship.PrometheusSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// `queue …`: single items in the spools of an agent. Looking works beside a running agent; changing needs it stopped,
/// for it owns its spool.
abstract sealed class QueueCommand implements Command {
    private static final List<Option> OPTIONS = List.of(new Option("config", "FILE", "agent.yaml"));

    private final String name;
    private final String operands;
    private final String summary;

    QueueCommand(String name, String operands, String summary) {
        this.name = name;
        this.operands = operands;
        this.summary = summary;
    }

    @Override
    public Usage usage() {
        return new Usage("queue " + name, operands, summary, OPTIONS, "");
    }

    private static List<Path> spools(Arguments arguments) throws Exception {
        return AgentCommand.config(arguments).spools().stream()
                .filter(Files::isDirectory)
                .toList();
    }

    private static BlockId id(Arguments arguments) throws UsageException {
        if (arguments.operands().size() != 1) {
            throw new UsageException("one ULID is wanted");
        }
        String text = arguments.operands().getFirst();
        return BlockId.tryParse(text).orElseThrow(() -> new UsageException("'" + text + "' is not a ULID"));
    }

    /// The item's meta.json, or null where it cannot be read: it may be just what is wrong with the item.
    private static @Nullable BlockMeta metaOf(Spool spool, Place place, BlockId id) throws IOException {
        try {
            return BlockMeta.read(spool.dir()
                    .resolve(place.directory())
                    .resolve(id.toString())
                    .resolve(BlockMeta.FILE_NAME));
        } catch (CorruptFormatException | UnsupportedVersionException | NoSuchFileException e) {
            return null;
        }
    }

    /// `queue show ULID`
    static final class Show extends QueueCommand {
        Show() {
            super("show", "ULID", "Show one item: where it is and its files");
        }

        @Override
        public ExitCode run(Arguments arguments, Terminal terminal) throws Exception {
            BlockId id = id(arguments);
            for (Path dir : spools(arguments)) {
                try (Spool spool = Spool.look(dir)) {
                    Optional<Place> place = spool.find(id);
                    if (place.isPresent()) {
                        terminal.out().println(id + " " + place.get());
                        show(spool.dir().resolve(place.get().directory()), id, terminal);
                        return ExitCode.DONE;
                    }
                }
            }
            terminal.err().println(id + " is in no spool");
            return ExitCode.WORK_LEFT;
        }

        private static void show(Path place, BlockId id, Terminal terminal) throws IOException {
            Path item = place.resolve(id.toString());
            Path record = place.resolve(id + ".json");
            if (Files.exists(record)) {
                terminal.out().println(Files.readString(record));
                return;
            }
            terminal.out().println(Files.readString(item.resolve("item.json")));
            try (Stream<Path> files = Files.walk(item)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    terminal.out().printf("%-16s %12s%n", item.relativize(file), Sizes.print(Files.size(file)));
                }
            }
        }
    }

    /// `queue retry ULID`
    static final class Retry extends QueueCommand {
        Retry() {
            super(
                    "retry",
                    "ULID",
                    "Take an item out of quarantine: it is verified and shipped anew; or ship one of the future");
        }

        @Override
        public Usage usage() {
            Usage usage = super.usage();
            Option force = new Option(
                    "force",
                    null,
                    "also where later data was shipped before, on which a stock Thanos compactor halts; "
                            + "or though the block's time has not come");
            return new Usage(
                    usage.command(),
                    usage.operands(),
                    usage.summary(),
                    List.of(OPTIONS.getFirst(), force),
                    usage.details());
        }

        @Override
        public ExitCode run(Arguments arguments, Terminal terminal) throws Exception {
            BlockId id = id(arguments);
            for (Path dir : spools(arguments)) {
                try (Spool spool = Spool.open(dir)) {
                    if (spool.find(id).equals(Optional.of(Place.QUARANTINE))) {
                        requireNoHole(arguments, spool, id);
                        spool.retry(id);
                        terminal.out().println(id + " will be verified and shipped by the agent's next scan");
                        return ExitCode.DONE;
                    }
                    if (arguments.flag("force") && spool.find(id).equals(Optional.of(Place.INCOMING))) {
                        PrometheusSource.allowFuture(spool, id);
                        terminal.out().println(id + " will be shipped although its time has not come");
                        return ExitCode.DONE;
                    }
                }
            }
            terminal.err().println(id + " is in no quarantine, and none that waits for its time was to be forced");
            return ExitCode.WORK_LEFT;
        }

        /// A block that fills a hole behind later ones overlaps what a Thanos compactor has merged around it.
        private static void requireNoHole(Arguments arguments, Spool spool, BlockId id) throws Exception {
            AgentConfig config = AgentCommand.config(arguments);
            if (config.centre() == AgentConfig.Centre.EDGESHIP || arguments.flag("force")) {
                return;
            }
            Loss loss = spool.quarantined().stream()
                    .filter(item -> item.id().equals(id))
                    .findFirst()
                    .map(Quarantined::loss)
                    .orElseGet(Loss::getDefaultInstance);
            Optional<ShippedRecord> later = spool.shippedRecords().stream()
                    .filter(record -> record.range().maxTime() > loss.getMinTimeMs())
                    .findFirst();
            if (later.isPresent()) {
                throw new ConfigException(
                        "%s was shipped, whose data is later: a stock Thanos compactor halts on a block that comes behind it; "
                                        .formatted(later.get().id())
                                + "set centre: edgeship, or say --force");
            }
        }
    }

    /// `queue drop ULID`
    static final class Drop extends QueueCommand {
        Drop() {
            super("drop", "ULID", "Give an item up; the loss stays on record");
        }

        @Override
        public ExitCode run(Arguments arguments, Terminal terminal) throws Exception {
            BlockId id = id(arguments);
            String site = AgentCommand.config(arguments).site();
            for (Path dir : spools(arguments)) {
                try (Spool spool = Spool.open(dir)) {
                    Optional<Place> place = spool.find(id);
                    if (place.isPresent() && place.get() != Place.SHIPPED) {
                        new Losses(site, spool.incarnation(), InstantSource.system())
                                .drop(
                                        spool,
                                        id,
                                        metaOf(spool, place.get(), id),
                                        Loss.Reason.REASON_DROPPED,
                                        "dropped by an operator");
                        terminal.out().println(id + " dropped; the loss is on record");
                        return ExitCode.DONE;
                    }
                }
            }
            terminal.err().println(id + " is in no spool");
            return ExitCode.WORK_LEFT;
        }
    }
}
