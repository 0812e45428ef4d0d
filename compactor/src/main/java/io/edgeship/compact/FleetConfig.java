package io.edgeship.compact;

import io.edgeship.fleet.FleetGoals;
import io.edgeship.fleet.SiteFreshness;
import io.edgeship.fleet.SiteGoals;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigSection;
import io.edgeship.runtime.config.Durations;
import io.edgeship.runtime.http.HttpConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// `fleet`: what the fleet server looks at, how often, and what is wanted of the sites.
record FleetConfig(Duration interval, HttpConfig http, FleetGoals goals) {
    private static final Duration INTERVAL_MIN = Duration.ofSeconds(1);

    static FleetConfig read(ConfigSection fleet, Path directory) throws ConfigException {
        Duration interval = fleet.duration("interval", Duration.ofMinutes(5));
        if (interval.compareTo(INTERVAL_MIN) < 0) {
            throw fleet.wrong("interval", "is at least " + Durations.print(INTERVAL_MIN));
        }
        SiteGoals all = goals(fleet, SiteGoals.DEFAULT);
        Map<String, SiteGoals> named = new HashMap<>();
        for (ConfigSection site : fleet.sections("sites")) {
            String name = site.requiredText("site");
            if (name.length() > SiteFreshness.NAME_CHARS_MAX || name.equals(SiteFreshness.UNASSIGNED)) {
                throw site.wrong("site", "is no site's name");
            }
            if (named.put(name, goals(site, all)) != null) {
                throw site.wrong("site", "is named twice: " + name);
            }
        }
        HttpConfig http = HttpConfig.from(fleet.section("http"), directory, "127.0.0.1:10914");
        return new FleetConfig(interval, http, new FleetGoals(all, named));
    }

    private static SiteGoals goals(ConfigSection keys, SiteGoals fallback) throws ConfigException {
        return new SiteGoals(
                period(keys, "lag_objective", fallback.lagObjective()),
                period(keys, "dark_after", fallback.darkAfter()),
                period(keys, "logs_lag_objective", fallback.logsLagObjective()));
    }

    private static Duration period(ConfigSection keys, String key, Duration fallback) throws ConfigException {
        Duration period = keys.duration(key, fallback);
        if (!period.isPositive()) {
            throw keys.wrong(key, "is more than 0");
        }
        return period;
    }
}
