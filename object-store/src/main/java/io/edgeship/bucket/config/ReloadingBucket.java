package io.edgeship.bucket.config;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ForwardingBucket;
import io.edgeship.bucket.Link;
import io.edgeship.bucket.MeteredBucket;
import io.edgeship.bucket.StoreClock;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.log.Log;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The bucket that an `objstore.yml` names, also after that file, or a certificate or key that it names, has changed:
/// new credentials need no restart. Thread-safe.
///
/// Calls under way stay with the bucket they began on. The meters go on counting, under the name that the bucket had at
/// start.
public final class ReloadingBucket extends ForwardingBucket {
    private static final Log LOG = Log.of(ReloadingBucket.class);

    private final ObjstoreConfig.Source source;
    private final SwitchingBucket bucket;
    private final Link link;
    private final StoreClock clock;

    private ObjstoreConfig config;
    private List<Path> files;
    private List<String> stamps;
    private String digestLoaded;
    private String digestSeen;
    private volatile @Nullable String problem;

    private ReloadingBucket(Opened opened, MeterRegistry registry, Link link, StoreClock clock) {
        super(new MeteredBucket(opened.bucket(), Buckets.name(opened.config()), registry));
        source = opened.source();
        bucket = opened.bucket();
        config = opened.config();
        files = opened.files();
        stamps = opened.stamps();
        digestLoaded = opened.digest();
        digestSeen = opened.digest();
        this.link = link;
        this.clock = clock;
    }

    private record Opened(
            ObjstoreConfig.Source source,
            ObjstoreConfig config,
            SwitchingBucket bucket,
            List<Path> files,
            List<String> stamps,
            String digest) {}

    /// Reads the configuration anew and opens the bucket, as [Buckets#open] does.
    public static ReloadingBucket open(
            ObjstoreConfig.Source source, MeterRegistry registry, Link link, StoreClock clock)
            throws BucketException, ConfigException {
        ObjstoreConfig config = source.readAgain();
        List<Path> files = files(source, config);
        List<String> stamps = WatchedFiles.stamps(files); // before the content is read: a later change is seen later
        String digest = WatchedFiles.digest(files);
        config = source.readAgain();
        SwitchingBucket bucket = new SwitchingBucket(Buckets.open(config, link, clock));
        return new ReloadingBucket(new Opened(source, config, bucket, files, stamps, digest), registry, link, clock);
    }

    private static List<Path> files(ObjstoreConfig.Source source, ObjstoreConfig config) {
        List<Path> files = new ArrayList<>();
        source.file().ifPresent(files::add);
        files.addAll(config.files());
        return List.copyOf(files);
    }

    /// Takes a changed configuration into use, if there is one; costs a few looks at files if there is none. With one
    /// that cannot be used everything stays as it was, and [#reloadProblem] tells why.
    ///
    /// @return whether another bucket is in use now
    public synchronized boolean reloadIfChanged() {
        List<String> stampsNow = WatchedFiles.stamps(files);
        if (stampsNow.equals(stamps)) {
            return false;
        }
        stamps = stampsNow;
        String digest = WatchedFiles.digest(files);
        if (digest.equals(digestSeen)) {
            return false;
        }
        digestSeen = digest;
        if (digest.equals(digestLoaded)) {
            problem = null; // somebody took back what was wrong
            return false;
        }
        return reload();
    }

    private boolean reload() {
        try {
            ObjstoreConfig next = source.readAgain();
            watch(files(source, next)); // also if it does not open: a certificate may come later than its name
            Bucket opened = Buckets.open(next, link, clock);
            if (isSameStore(config, next)) {
                opened.learn(bucket.capabilities());
            }
            bucket.switchTo(opened);
            config = next;
            digestLoaded = digestSeen;
            problem = null;
            LOG.info("object store configuration read again", "location", opened.location());
            return true;
        } catch (ConfigException | BucketException | IllegalArgumentException e) {
            problem = String.valueOf(e.getMessage());
            LOG.error("changed object store configuration cannot be used, the old one stays", e);
            return false;
        }
    }

    private void watch(List<Path> next) {
        if (!next.equals(files)) {
            files = next;
            stamps = WatchedFiles.stamps(next);
            digestSeen = WatchedFiles.digest(next);
        }
    }

    /// Whether what was learnt of the one holds for the other.
    private static boolean isSameStore(ObjstoreConfig one, ObjstoreConfig other) {
        return one instanceof ObjstoreConfig.S3 before
                && other instanceof ObjstoreConfig.S3 after
                && before.settings().endpoint().equals(after.settings().endpoint())
                && before.settings().bucket().equals(after.settings().bucket());
    }

    /// Why the configuration that lies there now is not in use, or empty if it is.
    public Optional<String> reloadProblem() {
        return Optional.ofNullable(problem);
    }

    /// Of the bucket in use now: for [EndpointProbe#of] after a reload.
    public synchronized ObjstoreConfig config() {
        return config;
    }

    @Override
    protected <T> T around(Call call, Work<T> work) throws BucketException {
        return work.on(inner());
    }
}
