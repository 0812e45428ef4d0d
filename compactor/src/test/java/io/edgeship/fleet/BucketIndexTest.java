package io.edgeship.fleet;

import static io.edgeship.fleet.BucketFolder.A;
import static io.edgeship.fleet.BucketFolder.B;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.json.JsonObject;
import io.edgeship.block.tsdb.BlockMeta;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/// Holds the layout on the package's page.
class BucketIndexTest {
    private static final Instant WRITTEN = Instant.ofEpochMilli(1_795_000_000_000L);

    @Test
    void saysOfEachBlockWhatAReaderNeeds() throws Exception {
        String meta = BucketFolder.meta(A, -5, 7_200_000, "a")
                .replace("\"source\"", "\"upload_time\":\"2026-11-01T00:00:00Z\",\"source\"");
        BucketBlock block = new BucketBlock(
                BlockMeta.parse("test", meta.getBytes(UTF_8)),
                42,
                List.of("index"),
                List.of("chunks/x"),
                new BucketBlock.SeenMark(1, "etag", ""),
                true,
                true);
        PartialBlock partial = new PartialBlock(B, PartialBlock.State.TORN, 2, 7, "etag", "test");

        JsonObject index = read(new BucketView(List.of(block), List.of(partial), List.of(), Map.of(), List.of()));

        assertThat(index)
                .hasToString(
                        "{\"version\":1,\"written_at\":1795000000000,"
                                + "\"blocks\":[{\"ulid\":\"01M83GR348Y4934FR7CE7TVV09\",\"minTime\":-5,\"maxTime\":7200000,"
                                + "\"labels\":{\"site\":\"a\"},\"level\":1,\"resolution\":0,\"sources\":1,\"size_bytes\":42,"
                                + "\"upload_time\":1793491200000,\"missing\":[\"index\"],\"unexpected\":[\"chunks/x\"],"
                                + "\"deletion_mark\":true,\"no_compact_mark\":true,\"no_downsample_mark\":true}],"
                                + "\"partial\":[{\"ulid\":\"01M83GSE5DPDK87AWYMSGXDHS9\",\"state\":\"torn\",\"newest\":7,\"objects\":2}],"
                                + "\"sites\":[{\"site\":\"a\",\"data_until\":0,\"blocks\":1,\"size_bytes\":42,\"gaps\":0,\"incarnations\":0}]}");
    }

    @Test
    void theSameBucketGivesTheSameBytes() throws Exception {
        BucketView view = new BucketView(List.of(), List.of(), List.of(), Map.of("b", 1, "a", 2), List.of());
        List<SiteFreshness> sites = Freshness.of(view, "site", WRITTEN);

        assertThat(BucketIndex.write(view, sites, WRITTEN)).isEqualTo(BucketIndex.write(view, sites, WRITTEN));
    }

    @Test
    void ofALongListTheFirstHundredAreGiven() throws Exception {
        BucketBlock block = new BucketBlock(
                BlockMeta.parse("test", BucketFolder.meta(A, 0, 1, "a").getBytes(UTF_8)),
                1,
                Collections.nCopies(10_000, "chunks/x"),
                List.of(),
                null,
                false,
                false);

        JsonObject index = read(new BucketView(List.of(block), List.of(), List.of(), Map.of(), List.of()));

        assertThat(index.objects("blocks").getFirst().texts("missing")).hasSize(100);
    }

    private static JsonObject read(BucketView view) throws IOException {
        byte[] bytes = BucketIndex.write(view, Freshness.of(view, "site", WRITTEN), WRITTEN);
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return JsonObject.parse("index", in.readAllBytes());
        }
    }
}
