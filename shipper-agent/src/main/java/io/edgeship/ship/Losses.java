package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.loki.LokiChunkKey;
import io.edgeship.block.message.SiteMessages;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.queue.Incoming;
import io.edgeship.queue.Item;
import io.edgeship.queue.ItemKind;
import io.edgeship.queue.Spool;
import io.edgeship.ship.seal.ShippedWindows;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes loss records (I3).
public final class Losses {
    private final String site;
    private final String incarnation;
    private final InstantSource clock;

    public Losses(String site, String incarnation, InstantSource clock) {
        this.site = site;
        this.incarnation = incarnation;
        this.clock = clock;
    }

    /// Deletes an item, with its record. The bucket may get one of which some was sent all the same, so that its time
    /// counts as shipped from now on.
    ///
    /// @param meta of the block, where it could be read
    public Loss drop(Spool spool, BlockId id, @Nullable BlockMeta meta, Loss.Reason reason, String detail)
            throws IOException {
        List<BlockId> origins = spool.origins(id);
        Loss loss = origins.isEmpty() ? of(id, meta, reason, detail) : of(id, meta, origins, reason, detail);
        for (Item item : spool.ready()) {
            if (item.id().equals(id) && item.kind() == ItemKind.LOGS) {
                loss = ofLines(id, item.range(), reason, detail);
            } else if (item.id().equals(id) && WaitingBlocks.isBegun(item)) {
                new ShippedWindows(spool).keep(item.range());
            }
        }
        Optional<TimeRange> lines = linesOfOpenSegment(spool, id);
        if (lines.isPresent()) {
            loss = ofLines(id, lines.get(), reason, detail);
        }
        spool.drop(id, loss);
        return loss;
    }

    /// A segment that is not sealed says what it holds by the names of its links alone.
    private static Optional<TimeRange> linesOfOpenSegment(Spool spool, BlockId id) throws IOException {
        for (Incoming item : spool.incoming()) {
            if (item.id().equals(id) && item.kind() == ItemKind.LOGS) {
                return spool.segments().links(item.dir()).stream()
                        .flatMap(link -> LokiChunkKey.ofOneName(link).stream())
                        .map(LokiChunkKey::range)
                        .reduce((one, other) -> new TimeRange(
                                Math.min(one.minTime(), other.minTime()), Math.max(one.maxTime(), other.maxTime())));
            }
        }
        return Optional.empty();
    }

    /// @param meta of the block, where it could be read
    public Loss of(BlockId id, @Nullable BlockMeta meta, Loss.Reason reason, String detail) {
        return of(id, meta, meta == null ? List.of() : meta.compaction().sources(), reason, detail);
    }

    /// @param meta    of the block, where it could be read
    /// @param sources level-1 blocks that its samples came from, as the site knows them
    public Loss of(BlockId id, @Nullable BlockMeta meta, List<BlockId> sources, Loss.Reason reason, String detail) {
        Loss.Builder loss = begin(id, reason, detail);
        if (meta != null) {
            loss.setMinTimeMs(meta.range().minTime())
                    .setMaxTimeMs(meta.range().maxTime())
                    .setSamples(meta.stats().numSamples());
        }
        if (!sources.equals(List.of(id))) {
            sources.forEach(source -> loss.addSourceUlids(source.toString()));
        }
        return loss.build();
    }

    /// Of log lines.
    ///
    /// @param id    of the item, or made from the chunk's name
    /// @param range of the lines
    public Loss ofLines(BlockId id, TimeRange range, Loss.Reason reason, String detail) {
        return begin(id, reason, detail)
                .setMinTimeMs(range.minTime())
                .setMaxTimeMs(range.maxTime())
                .build();
    }

    private Loss.Builder begin(BlockId id, Loss.Reason reason, String detail) {
        return Loss.newBuilder()
                .setVersion(SiteMessages.VERSION)
                .setSite(site)
                .setIncarnation(incarnation)
                .setUlid(id.toString())
                .setReason(reason)
                .setDetail(detail)
                .setRecordedAtMs(clock.millis());
    }
}
