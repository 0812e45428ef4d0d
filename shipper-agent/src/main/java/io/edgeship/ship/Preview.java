package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.queue.Place;
import io.edgeship.queue.Spool;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// What a scan would do with a source's blocks. Nothing is changed, and the agent may be running.
public final class Preview {
    private Preview() {}

    /// Oldest data first.
    public static Map<Found, BlockChoice> of(SourceConfig config, InstantSource clock) throws IOException {
        if (!Files.isDirectory(config.spool())) {
            BlockChooser chooser = BlockChooser.ofNothing(config.backfill(), clock.instant());
            return choices(config, chooser, _ -> Optional.empty());
        }
        try (Spool spool = Spool.look(config.spool())) {
            Instant firstStart = FirstStart.kept(spool).orElseGet(clock::instant);
            Lineages lineages = new Lineages(spool);
            BlockChooser chooser = BlockChooser.look(lineages, Optional.empty(), config.backfill(), firstStart);
            return choices(config, chooser, spool::find);
        }
    }

    private static Map<Found, BlockChoice> choices(
            SourceConfig config, BlockChooser chooser, Function<BlockId, Optional<Place>> find) throws IOException {
        Map<Found, BlockChoice> choices = new LinkedHashMap<>();
        for (Found block : BlockScan.of(config.path()).blocks()) {
            BlockChoice choice =
                    chooser.choose(block.meta(), find.apply(block.meta().id()));
            if (choice instanceof BlockChoice.Take) {
                chooser.took(block.meta());
            }
            choices.put(block, choice);
        }
        return choices;
    }
}
