package io.edgeship.agent;

import io.edgeship.queue.link.LinkGovernor;
import io.edgeship.queue.link.LinkStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// The link's metrics; each is described in `docs/reference/agent.md`.
final class LinkMetrics {
    private static final List<String> PERIODS = List.of("day", "month");

    private LinkMetrics() {}

    static void register(MeterRegistry registry, LinkGovernor governor) {
        FunctionCounter.builder("edgeship.link.sent.bytes", governor, LinkGovernor::sentBytes)
                .description("HTTP heads and bodies sent, of every try.")
                .register(registry);
        FunctionCounter.builder("edgeship.link.received.bytes", governor, LinkGovernor::receivedBytes)
                .description("HTTP heads and bodies received.")
                .register(registry);
        gauge(
                registry,
                governor,
                "edgeship.link.open",
                "1 while something may be sent.",
                status -> status.open() ? 1 : 0);
        gauge(
                registry,
                governor,
                "edgeship.link.opens.timestamp.seconds",
                "When something may be sent again; NaN where that is now or not known.",
                status -> status.opensAt().map(at -> at.toEpochMilli() / 1000.0).orElse(Double.NaN));
        for (String period : PERIODS) {
            budget(registry, governor, period);
        }
    }

    private static void budget(MeterRegistry registry, LinkGovernor governor, String period) {
        Gauge.builder(
                        "edgeship.link.budget.bytes",
                        governor,
                        of -> value(of, period, one -> one.isLimited() ? (double) one.limitBytes() : Double.NaN))
                .tag("period", period)
                .description("What may be used; NaN without a budget.")
                .register(registry);
        Gauge.builder(
                        "edgeship.link.budget.used.bytes",
                        governor,
                        of -> value(of, period, one -> (double) one.usedBytes()))
                .tag("period", period)
                .description("What was used in the period.")
                .register(registry);
    }

    private static double value(LinkGovernor governor, String period, ToDoubleFunction<LinkStatus.Period> value) {
        return governor.status().periods().stream()
                .filter(one -> one.name().equals(period))
                .mapToDouble(value)
                .findFirst()
                .orElse(Double.NaN);
    }

    private static void gauge(
            MeterRegistry registry,
            LinkGovernor governor,
            String name,
            String description,
            ToDoubleFunction<LinkStatus> value) {
        Gauge.builder(name, governor, of -> value.applyAsDouble(of.status()))
                .description(description)
                .register(registry);
    }
}
