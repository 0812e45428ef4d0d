package io.edgeship.bucket.s3;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.StoreClock;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;

/// The same contract over a link that is watched, each request sent once.
class WatchedContractIT extends S3ProxyContractIT {
    @Override
    Bucket opened(String objstoreYaml) throws Exception {
        return Buckets.open(
                ObjstoreConfig.parse("objstore.yml", objstoreYaml + "prefix: " + PREFIX + "\n"),
                new SimpleMeterRegistry(),
                new FakeLink(Duration.ofSeconds(30)),
                StoreClock.system());
    }
}
