package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.SiteMessages;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.block.tsdb.BlockMeta;
import java.time.InstantSource;
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

    /// @param meta of the block, where it could be read
    public Loss of(BlockId id, @Nullable BlockMeta meta, Loss.Reason reason, String detail) {
        Loss.Builder loss = Loss.newBuilder()
                .setVersion(SiteMessages.VERSION)
                .setSite(site)
                .setIncarnation(incarnation)
                .setUlid(id.toString())
                .setReason(reason)
                .setDetail(detail)
                .setRecordedAtMs(clock.millis());
        if (meta != null) {
            loss.setMinTimeMs(meta.range().minTime())
                    .setMaxTimeMs(meta.range().maxTime())
                    .setSamples(meta.stats().numSamples());
        }
        return loss.build();
    }
}
