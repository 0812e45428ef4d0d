package io.edgeship.compact;

import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.Capabilities;
import io.edgeship.bucket.CapabilityProbe;
import io.edgeship.runtime.log.Log;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// Asks once what the store can do and says so. Nothing depends on the answer, so nothing fails for want of one.
final class StoreProbe {
    private static final Log LOG = Log.of(StoreProbe.class);

    private StoreProbe() {}

    /// What each capability was found to be: `yes`, `no` or `unknown`.
    static Map<String, String> run(Bucket bucket) {
        Capabilities found = Capabilities.UNKNOWN;
        try {
            found = CapabilityProbe.probe(bucket, BucketLayout.FLEET);
        } catch (RuntimeException e) {
            LOG.warn("what the store can do was not found out, going on", e);
        }
        Map<String, String> words = new LinkedHashMap<>();
        words.put("conditional_put", word(found.conditionalPut()));
        words.put("batch_delete", word(found.batchDelete()));
        words.put("checksums", word(found.checksums()));
        LOG.info("store probed", "bucket", bucket.location(), "capabilities", words);
        return words;
    }

    private static String word(Capabilities.Support support) {
        return support.name().toLowerCase(Locale.ROOT);
    }
}
