package io.edgeship.agent;

import io.edgeship.bucket.config.EndpointProbe;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.bucket.config.ReloadingBucket;
import io.edgeship.queue.link.LinkGovernor;
import java.time.Duration;
import java.util.Optional;

/// What ends a wait of the thread that ships early, on the agent's own link. Used by that thread.
final class LinkWake implements Resting.Wake {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    private final ReloadingBucket bucket;
    private final LinkGovernor governor;
    private final LinkWatch watch;
    private ObjstoreConfig probed;
    private Optional<EndpointProbe> probe;

    LinkWake(ReloadingBucket bucket, LinkGovernor governor) {
        this.bucket = bucket;
        this.governor = governor;
        probed = bucket.config();
        probe = EndpointProbe.of(probed);
        watch = new LinkWatch(LinkWatch.INTERFACES, this::reachesStore, System::nanoTime);
    }

    private boolean reachesStore() {
        ObjstoreConfig config = bucket.config();
        if (!config.equals(probed)) { // another store since a reload
            probed = config;
            probe = EndpointProbe.of(config);
        }
        return probe.map(one -> one.reaches(CONNECT_TIMEOUT)).orElse(true);
    }

    @Override
    public boolean linkIsBack() {
        return watch.isBack();
    }

    @Override
    public boolean linkIsOpen() {
        return governor.isOpen();
    }

    @Override
    public boolean reload() {
        return bucket.reloadIfChanged();
    }
}
