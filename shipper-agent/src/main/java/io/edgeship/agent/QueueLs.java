package io.edgeship.agent;

import io.edgeship.agent.status.QueueText;
import io.edgeship.agent.status.SiteStatus;
import io.edgeship.queue.Incoming;
import io.edgeship.queue.Item;
import io.edgeship.queue.Quarantined;
import io.edgeship.queue.ShippedRecord;
import io.edgeship.queue.Spool;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// `queue ls`: everything in the spools, by the disk; a running agent adds when each block will be there.
final class QueueLs implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                "queue ls",
                "",
                "List what waits and how far it got, what was shipped, and what was set aside",
                StatusAsked.OPTIONS,
                "Reads the spool, beside a running agent or without one; a running agent adds when each block will be there.");
    }

    @Override
    public ExitCode run(Arguments arguments, Terminal terminal) throws Exception {
        AgentConfig config = AgentCommand.config(arguments);
        QueueText text = new QueueText(asked(config, arguments));
        for (Path dir : config.spools()) {
            if (Files.isDirectory(dir)) {
                try (Spool spool = Spool.look(dir)) {
                    list(config, spool, text);
                }
            }
        }
        terminal.out().print(text.finish());
        return ExitCode.DONE;
    }

    /// Without an agent there are no estimates, and no need to say so.
    private static Optional<SiteStatus> asked(AgentConfig config, Arguments arguments) throws Exception {
        try {
            return Optional.of(StatusAsked.ask(StatusAsked.client(config, arguments)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static void list(AgentConfig config, Spool spool, QueueText text) throws IOException {
        text.line(spool.dir() + "  incarnation " + spool.incarnation());
        for (Incoming item : spool.incoming()) {
            text.waiting("incoming", item.id().toString(), item.sizeBytes(), 0);
        }
        for (Item item : spool.ready()) {
            list(config.transport(), item, text);
        }
        for (Quarantined item : spool.quarantined()) {
            text.other(
                    "quarantine",
                    item.id().toString(),
                    item.sizeBytes(),
                    item.loss().getDetail());
        }
        for (ShippedRecord record : spool.shippedRecords()) {
            text.other(
                    "shipped",
                    record.id().toString(),
                    record.sizeBytes(),
                    record.shippedAt().toString());
        }
        if (spool.newerItems() > 0) {
            text.line(spool.newerItems() + " item(s) of a later version, left as they are");
        }
    }

    private static void list(AgentConfig.Transport transport, Item item, QueueText text) throws IOException {
        boolean delivered = ItemProgress.isDelivered(transport, item);
        long bytes = item.bytesToSend();
        long sent = delivered ? bytes : ItemProgress.keptBytes(transport, item);
        text.waiting(delivered ? "delivered" : "ready", item.id().toString(), bytes, sent);
    }
}
