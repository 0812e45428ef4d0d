package io.edgeship.compact;

import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigSection;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// The roles that a compactor has; all of them unless the configuration names some.
record Roles(Set<Role> on) {
    static final Roles ALL = new Roles(EnumSet.allOf(Role.class));

    Roles {
        on = Collections.unmodifiableSet(EnumSet.copyOf(on));
    }

    static Roles from(ConfigSection root) throws ConfigException {
        List<String> names = root.texts("roles");
        if (names.isEmpty()) {
            return ALL;
        }
        EnumSet<Role> on = EnumSet.noneOf(Role.class);
        for (String name : names) {
            on.add(Arrays.stream(Role.values())
                    .filter(role -> spelling(role).equals(name))
                    .findFirst()
                    .orElseThrow(() -> root.wrong("roles", "knows " + all() + ", not " + name)));
        }
        return new Roles(on);
    }

    private static String all() {
        return Arrays.stream(Role.values()).map(Roles::spelling).collect(Collectors.joining(", "));
    }

    static String spelling(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    boolean has(Role role) {
        return on.contains(role);
    }

    /// Whether larger or coarser blocks are made.
    boolean rewrites() {
        return has(Role.COMPACT) || has(Role.DOWNSAMPLE);
    }
}
