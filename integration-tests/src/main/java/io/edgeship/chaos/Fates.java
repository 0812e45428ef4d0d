package io.edgeship.chaos;

import java.util.List;
import java.util.Optional;
import java.util.Random;

/// Draws for each request which fault befalls it. Thread-safe.
final class Fates {
    private final List<Fault.OfRequests> faults;
    private final long[] matched;
    private final Random random;
    private long requests;
    private long befallen;

    Fates(Faults faults) {
        this.faults = faults.ofRequests();
        matched = new long[this.faults.size()];
        random = new Random(~faults.seed());
    }

    boolean none() {
        return faults.isEmpty();
    }

    synchronized Optional<Fault.OfRequests> of(RequestHead request) {
        requests++;
        Optional<Fault.OfRequests> fate = Optional.empty();
        for (int i = 0; i < matched.length; i++) {
            Which which = faults.get(i).which();
            if (which.mayBefall(request)) {
                matched[i]++;
                double drawn = random.nextDouble();
                boolean hit = which.number() > 0 ? matched[i] == which.number() : drawn < which.share();
                if (hit && fate.isEmpty()) {
                    fate = Optional.of(faults.get(i));
                }
            }
        }
        befallen += fate.isPresent() ? 1 : 0;
        return fate;
    }

    /// From 1 to `max`.
    synchronized int draw(int max) {
        return 1 + random.nextInt(max);
    }

    synchronized long requests() {
        return requests;
    }

    synchronized long befallen() {
        return befallen;
    }
}
