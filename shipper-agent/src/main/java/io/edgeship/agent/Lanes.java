package io.edgeship.agent;

import io.edgeship.block.message.PieceName;
import io.edgeship.bucket.Bucket;
import io.edgeship.queue.link.LinkConfig;
import io.edgeship.queue.link.PieceSizing;
import io.edgeship.queue.transport.Transport;
import io.edgeship.queue.transport.UploadProgress;
import io.edgeship.queue.transport.inbox.InboxTransport;
import io.edgeship.queue.transport.plain.InPlaceTransport;
import io.edgeship.queue.transport.plain.PlainTransport;
import io.edgeship.runtime.http.Metrics;
import io.edgeship.ship.Lane;
import io.edgeship.ship.PrometheusSource;
import io.edgeship.ship.loki.LokiSource;
import java.util.List;
import java.util.function.LongSupplier;

/// The way that the blocks of each source take, as configured. All share one link, and so what is learnt of it.
///
/// @param sizing of parts or pieces; belongs to the ship loop's thread
record Lanes(List<Lane> all, PieceSizing sizing) {
    Lanes {
        all = List.copyOf(all);
    }

    /// @param wire bytes that went out so far, all requests together
    static Lanes of(
            AgentConfig config,
            List<PrometheusSource> sources,
            Bucket bucket,
            LongSupplier wire,
            UploadProgress progress) {
        return switch (config.transport()) {
            case PLAIN -> plain(config, sources, bucket, wire, progress);
            case INBOX, PACKED -> inbox(config, sources, bucket, wire, progress);
        };
    }

    private static Lanes plain(
            AgentConfig config,
            List<PrometheusSource> sources,
            Bucket bucket,
            LongSupplier wire,
            UploadProgress progress) {
        PieceSizing sizing = config.plain().sizing(wire);
        List<Lane> lanes = sources.stream()
                .map(source ->
                        new Lane(source, new PlainTransport(bucket, config.plain(), sizing, wire, progress), true))
                .toList();
        return new Lanes(lanes, sizing);
    }

    private static Lanes inbox(
            AgentConfig config,
            List<PrometheusSource> sources,
            Bucket bucket,
            LongSupplier wire,
            UploadProgress progress) {
        PieceSizing sizing = new PieceSizing(PieceName.LENGTH_MIN, largestPieceBytes(config.link()), wire);
        List<Lane> lanes = sources.stream()
                .map(source -> new Lane(
                        source,
                        new InboxTransport(
                                bucket,
                                config.site(),
                                source.spool().incarnation(),
                                Metrics.version(),
                                sizing,
                                progress),
                        false))
                .toList();
        return new Lanes(lanes, sizing);
    }

    /// A piece that a fresh budget has no room for would never go out.
    private static long largestPieceBytes(LinkConfig link) {
        return Math.clamp(link.largestBodyBytes(), PieceName.LENGTH_MIN, PieceName.LENGTH_MAX);
    }

    /// The way that log chunks take: through the inbox, or straight to where the central Loki reads them.
    ///
    /// @param wire bytes that went out so far, all requests together
    static Lanes ofLogs(
            AgentConfig config, List<LokiSource> sources, Bucket bucket, LongSupplier wire, UploadProgress progress) {
        PieceSizing sizing = new PieceSizing(PieceName.LENGTH_MIN, largestPieceBytes(config.link()), wire);
        List<Lane> lanes = sources.stream()
                .map(source ->
                        new Lane(source, source.guard(transport(config, source, bucket, sizing, progress)), false))
                .toList();
        return new Lanes(lanes, sizing);
    }

    private static Transport transport(
            AgentConfig config, LokiSource source, Bucket bucket, PieceSizing sizing, UploadProgress progress) {
        String incarnation = source.spool().incarnation();
        String version = Metrics.version();
        return switch (config.transport()) {
            case PLAIN -> new InPlaceTransport(bucket, config.site(), incarnation, version, sizing, progress);
            case INBOX, PACKED -> new InboxTransport(bucket, config.site(), incarnation, version, sizing, progress);
        };
    }
}
