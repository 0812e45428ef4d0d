package io.edgeship.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Everything that goes wrong at one time, and the seed of all chance in it. Of two link faults of one kind the first
/// counts; a request suffers the first fault that befalls it.
public record Faults(long seed, List<Fault> all) {
    public Faults {
        all = List.copyOf(all);
    }

    /// A good link, until faults are added.
    public static Faults seeded(long seed) {
        return new Faults(seed, List.of());
    }

    /// The same, and these.
    public Faults with(Fault... more) {
        List<Fault> both = new ArrayList<>(all);
        both.addAll(List.of(more));
        return new Faults(seed, both);
    }

    <F extends Fault.OfTheLink> Optional<F> first(Class<F> kind) {
        return all.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }

    List<Fault.OfRequests> ofRequests() {
        return all.stream()
                .filter(Fault.OfRequests.class::isInstance)
                .map(Fault.OfRequests.class::cast)
                .toList();
    }
}
