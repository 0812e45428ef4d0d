package io.edgeship.fleet;

import io.edgeship.block.BlockId;
import io.edgeship.block.json.JsonObject;
import io.edgeship.block.thanos.ThanosMeta;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/// Writes the bucket index; the layout is on the package's page.
public final class BucketIndex {
    private static final int VERSION = 1;

    /// Of a long list the first are enough to begin with; the number is given beside it.
    private static final int NAMES_MAX = 100;

    private BucketIndex() {}

    public static byte[] write(BucketView view, List<SiteFreshness> sites, Instant writtenAt) {
        JsonObject index = JsonObject.empty()
                .with("version", VERSION)
                .with("written_at", writtenAt.toEpochMilli())
                .with("blocks", view.blocks().stream().map(BucketIndex::block).toList())
                .with(
                        "partial",
                        view.partial().stream().map(BucketIndex::partial).toList())
                .with("sites", sites.stream().map(BucketIndex::site).toList());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(index.toCompactBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    /// The sites as JSON, for people and scripts.
    public static JsonObject sites(List<SiteFreshness> sites) {
        List<JsonObject> entries = new ArrayList<>();
        sites.forEach(site -> entries.add(site(site)));
        return JsonObject.empty().with("sites", entries);
    }

    private static JsonObject block(BucketBlock block) {
        ThanosMeta thanos = block.meta().thanos();
        Instant uploaded = thanos == null ? null : thanos.uploadTime();
        return JsonObject.empty()
                .with("ulid", block.meta().id().toString())
                .with("minTime", block.meta().range().minTime())
                .with("maxTime", block.meta().range().maxTime())
                .with("labels", block.labels())
                .with("level", block.meta().compaction().level())
                .with("resolution", block.resolutionMillis())
                .with("sources", block.meta().compaction().sources().size())
                .with("size_bytes", block.sizeBytes())
                .withUnlessEmpty("upload_time", uploaded == null ? 0L : BucketBlock.millis(uploaded))
                .withUnlessEmpty("missing", first(block.missing()))
                .withUnlessEmpty("unexpected", first(block.unexpected()))
                .withUnlessEmpty("deletion_mark", block.deletionMark() != null)
                .withUnlessEmpty("no_compact_mark", block.noCompact())
                .withUnlessEmpty("no_downsample_mark", block.noDownsample());
    }

    private static JsonObject partial(PartialBlock block) {
        return JsonObject.empty()
                .with("ulid", block.id().toString())
                .with("state", block.state().name().toLowerCase(Locale.ROOT))
                .with("newest", block.newestMillis())
                .with("objects", block.objects());
    }

    static JsonObject site(SiteFreshness site) {
        return JsonObject.empty()
                .with("site", site.site())
                .with("data_until", site.dataUntilMillis())
                .with("blocks", site.blocks())
                .with("size_bytes", site.sizeBytes())
                .with("gaps", site.gaps())
                .withUnlessEmpty("last_contact", site.lastContactMillis())
                .withUnlessEmpty("backlog_items", site.backlogItems())
                .withUnlessEmpty("backlog_bytes", site.backlogBytes())
                .withUnlessEmpty("outstanding_blocks", site.outstanding().size())
                .withUnlessEmpty(
                        "outstanding",
                        first(site.outstanding().stream().map(BlockId::toString).toList()))
                .withUnlessEmpty("under_way", site.underWay())
                .withUnlessEmpty("losses", site.losses())
                .with("incarnations", site.incarnations())
                .withUnlessEmpty("agents_alive", site.agentsAlive())
                .withUnlessEmpty("reports_not_understood", site.notUnderstood());
    }

    private static List<String> first(List<String> names) {
        return names.subList(0, Math.min(names.size(), NAMES_MAX));
    }
}
