package io.edgeship.bucket;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One page of a listing. `next` is where the following page starts, or null after the last page.
public record ListPage(
        List<ObjectInfo> objects,
        List<String> commonPrefixes,
        @Nullable String next) {
    /// What S3 gives in one page at most.
    public static final int KEYS_MAX = 1000;

    public ListPage {
        objects = List.copyOf(objects);
        commonPrefixes = List.copyOf(commonPrefixes);
    }
}
