package io.edgeship.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/// A scrape target whose answers are made of a seed and the number of scrapes so far, in Prometheus' text format.
///
/// It has what breaks shippers and readers: a counter that starts over, the odd values of IEEE 754, a series that
/// comes and goes (staleness markers), labels that change all the time (churn), labels outside ASCII.
/// Thread-safe; scrapes are answered one after another.
public final class FakeTarget implements AutoCloseable {
    private static final int RESET_EVERY = 23;
    private static final int CHURN_EVERY = 7;
    private static final int LATE_SERIES = 5;
    private static final long SECOND_MILLIS = 1000;
    private static final String[] ODD_VALUES = {"NaN", "+Inf", "-Inf", "-0", "5e-324", "1.7976931348623157e+308"};

    private final HttpServer server;
    private final long seed;
    private final int gauges;
    private final Duration lateBy;
    private final AtomicLong scrapes = new AtomicLong();

    private FakeTarget(HttpServer server, long seed, int gauges, Duration lateBy) {
        this.server = server;
        this.seed = seed;
        this.gauges = gauges;
        this.lateBy = lateBy;
    }

    /// Listens on a free port of the loopback address.
    ///
    /// @param gauges how many series of `greenhouse_temperature_celsius` to add to the odd ones
    public static FakeTarget start(long seed, int gauges) throws IOException {
        return start(seed, gauges, Duration.ZERO);
    }

    /// As above, with series whose samples bear times of up to `lateBy` ago, in no order: what Prometheus takes only
    /// within its out-of-order window.
    public static FakeTarget start(long seed, int gauges, Duration lateBy) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        FakeTarget target = new FakeTarget(server, seed, gauges, lateBy);
        server.createContext("/metrics", target::answer);
        server.start();
        return target;
    }

    /// `127.0.0.1:port`, as it stands in a scrape configuration.
    public String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    public long scrapes() {
        return scrapes.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            long scrape = scrapes.getAndIncrement();
            byte[] body = (page(scrape) + late(scrape)).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /// What the scrape of that number (from 0) gets: the same for the same seed, always.
    String page(long scrape) {
        Random random = new Random(seed * 1_000_003 + scrape);
        StringBuilder page = new StringBuilder(1 << 14);
        page.append("# TYPE greenhouse_valve_openings_total counter\n");
        line(page, "greenhouse_valve_openings_total{valve=\"north\"}", Long.toString(3 * scrape));
        line(page, "greenhouse_valve_openings_total{valve=\"resets\"}", Long.toString(scrape % RESET_EVERY));
        page.append("# TYPE greenhouse_odd_value gauge\n");
        line(page, "greenhouse_odd_value", ODD_VALUES[random.nextInt(ODD_VALUES.length)]);
        line(page, "greenhouse_plant{name=\"grün \\\"🌱\\\" 日本\\\\\\n\"}", Double.toString(random.nextGaussian()));
        line(page, "greenhouse_batch{batch=\"" + scrape / CHURN_EVERY + "\"}", Long.toString(scrape));
        if (random.nextBoolean()) {
            line(page, "greenhouse_comes_and_goes", Double.toString(random.nextDouble()));
        }
        page.append("# TYPE greenhouse_temperature_celsius gauge\n");
        for (int sensor = 0; sensor < gauges; sensor++) {
            double celsius = 18 + sensor % 5 + Math.round(random.nextGaussian() * 10) / 10.0;
            line(page, "greenhouse_temperature_celsius{sensor=\"" + sensor + "\"}", Double.toString(celsius));
        }
        return page.toString();
    }

    private String late(long scrape) {
        StringBuilder page = new StringBuilder();
        Random random = new Random(seed * 31 + scrape);
        for (int logger = 0; logger < LATE_SERIES && lateBy.isPositive(); logger++) {
            long second = (System.currentTimeMillis() - random.nextLong(lateBy.toMillis())) / SECOND_MILLIS - 1;
            long time = second * SECOND_MILLIS + scrape % SECOND_MILLIS; // no two samples of a series at one time
            line(page, "greenhouse_late{logger=\"" + logger + "\"}", scrape + " " + time);
        }
        return page.toString();
    }

    private static void line(StringBuilder page, String series, String value) {
        page.append(series).append(' ').append(value).append('\n');
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
