package io.edgeship.agent.status;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Statuses to render.
final class TestStatus {
    static final Instant AT = Instant.parse("2026-11-25T21:00:00Z");
    static final String A = "01M83GSE5DPDK87AWYMSGXDHA0";
    static final String B = "01M83GSE5DPDK87AWYMSGXDHB0";
    static final String EVIL = "<script>alert('x')</script>&\"";

    private TestStatus() {}

    /// Every field is there.
    static SiteStatus full() {
        SiteStatus.Item sending = new SiteStatus.Item(
                A,
                SiteStatus.Stage.SENDING,
                Optional.of(Instant.parse("2026-11-25T10:00:00Z")),
                Optional.of(Instant.parse("2026-11-25T12:00:00Z")),
                1 << 20,
                1 << 18,
                Optional.of(AT.plusSeconds(600)));
        SiteStatus.Item incoming = new SiteStatus.Item(
                B, SiteStatus.Stage.INCOMING, Optional.empty(), Optional.empty(), 5, 0, Optional.empty());
        SiteStatus.Aside lost =
                new SiteStatus.Aside(A, "vanished", EVIL, Optional.of(AT.minusSeconds(7200)), Optional.of(AT));
        return with(List.of(sending, incoming), List.of(lost));
    }

    /// As large as lists get.
    static SiteStatus crowded() {
        List<SiteStatus.Item> items = new ArrayList<>();
        List<SiteStatus.Aside> asides = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            items.add(new SiteStatus.Item(
                    A, SiteStatus.Stage.READY, Optional.of(AT), Optional.of(AT), 1 << 20, 1 << 10, Optional.of(AT)));
            asides.add(new SiteStatus.Aside(
                    A,
                    "corrupt",
                    "chunks/000001 at offset 8 (0x8): magic is 00bd40dd, want 85bd40dd",
                    Optional.of(AT),
                    Optional.of(AT)));
        }
        return with(items, asides);
    }

    private static SiteStatus with(List<SiteStatus.Item> items, List<SiteStatus.Aside> asides) {
        SiteStatus.Source source = new SiteStatus.Source(
                "/prometheus",
                "/prometheus/edgeship-spool",
                "0123456789abcdef0123456789abcdef",
                Optional.of("somebody else writes thanos.shipper.json"),
                items.size(),
                1,
                3 << 20,
                0,
                2,
                Optional.of(new SiteStatus.Room(5 << 20, 1 << 30, 3L << 30)),
                items,
                Optional.of(new SiteStatus.Shipped(B, AT.minusSeconds(3600))),
                asides.size(),
                asides,
                new TreeMap<>(Map.of(B, "waits for others")),
                asides.size(),
                asides);
        List<SiteStatus.Hour> hours = new ArrayList<>();
        for (int hour = 0; hour < SiteStatus.HOURS; hour++) {
            hours.add(new SiteStatus.Hour(hour % 7 * 100_000L, hour));
        }
        return new SiteStatus(
                AT,
                true,
                "greenhouse-7",
                "1.0",
                Optional.of(Duration.ofHours(50)),
                new TreeMap<>(Map.of("bucket", EVIL)),
                "s3://telemetry",
                "plain",
                List.of("no permission to list"),
                Optional.of(new SiteStatus.Link(
                        false,
                        "closed until 22:00",
                        Optional.of(AT.plusSeconds(3600)),
                        Optional.of(1L << 17),
                        Optional.of(1L << 16),
                        12_345,
                        678,
                        List.of(
                                new SiteStatus.Budget("day", 5 << 20, Optional.of(10L << 20)),
                                new SiteStatus.Budget("month", 5 << 20, Optional.empty())))),
                Optional.of(AT.minusSeconds(30)),
                Optional.of(Duration.ofSeconds(-90)),
                new SiteStatus.Estimate(3 << 20, Optional.of(AT.plusSeconds(86_400)), ""),
                List.of(source),
                hours);
    }
}
