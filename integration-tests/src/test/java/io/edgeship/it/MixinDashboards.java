package io.edgeship.it;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// The dashboards of `deploy/mixin`, as Grafana imports them.
final class MixinDashboards {
    private static final Path DASHBOARDS = MixinRules.MIXIN.resolve("dashboards");

    private MixinDashboards() {}

    /// @param name the file's, without its ending
    record Dashboard(String name, Map<?, ?> json) {
        /// Rows, which only divide a page, left out.
        List<Panel> panels() {
            return MixinRules.maps(json, "panels").stream()
                    .filter(panel -> !"row".equals(panel.get("type")))
                    .map(panel -> new Panel(name, panel))
                    .toList();
        }

        List<Map<?, ?>> variables() {
            return MixinRules.maps(map(json, "templating"), "list");
        }
    }

    record Panel(String dashboard, Map<?, ?> json) {
        String title() {
            return dashboard + ": " + MixinRules.text(json, "title");
        }

        List<Map<?, ?>> targets() {
            return MixinRules.maps(json, "targets");
        }

        /// What it asks, with everything filled in that Grafana would.
        List<String> queries() {
            return targets().stream()
                    .map(target -> MixinRules.text(target, "expr"))
                    .map(MixinDashboards::filledIn)
                    .toList();
        }
    }

    private static String filledIn(String expression) {
        return chosen(expression).replace("$__rate_interval", "1m").replace("$__range", "10m");
    }

    /// With what a person has chosen at the top of the page, as a browser fills it in: everything.
    static String chosen(String expression) {
        return expression.replace("$site", ".*").replace("$job", ".*").replace("$price", "1");
    }

    static List<Dashboard> all() throws IOException {
        List<Dashboard> dashboards = new ArrayList<>();
        try (Stream<Path> files = Files.list(DASHBOARDS)) {
            for (Path file : files.sorted().toList()) {
                String name = String.valueOf(file.getFileName()).replace(".json", "");
                dashboards.add(new Dashboard(name, JSON.std.mapFrom(Files.readString(file))));
            }
        }
        return dashboards;
    }

    static Map<?, ?> map(Map<?, ?> of, String key) {
        return (Map<?, ?>) Objects.requireNonNull(of.get(key), () -> "no " + key + " in " + of);
    }

    static int number(Map<?, ?> of, String key) {
        return ((Number) Objects.requireNonNull(of.get(key), () -> "no " + key + " in " + of)).intValue();
    }
}
