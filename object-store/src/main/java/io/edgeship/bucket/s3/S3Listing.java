package io.edgeship.bucket.s3;

import io.edgeship.bucket.ListPage;
import io.edgeship.bucket.ObjectInfo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.ListObjectsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/// One page of a listing, in the second or the first version of the request. The token of version 1 is a key, that of
/// version 2 the store's own.
final class S3Listing {
    private S3Listing() {}

    static ListPage page(
            S3Client client,
            S3Settings settings,
            String bucketPrefix,
            String keyPrefix,
            @Nullable String delimiter,
            @Nullable String token,
            int keysMax) {
        if (settings.listVersion1()) {
            ListObjectsResponse reply = client.listObjects(r -> r.bucket(settings.bucket())
                    .prefix(bucketPrefix + keyPrefix)
                    .delimiter(delimiter)
                    .marker(token)
                    .maxKeys(keysMax));
            boolean more = Boolean.TRUE.equals(reply.isTruncated());
            return page(reply.contents(), reply.commonPrefixes(), bucketPrefix, more ? marker(reply) : null);
        }
        ListObjectsV2Response reply = client.listObjectsV2(r -> r.bucket(settings.bucket())
                .prefix(bucketPrefix + keyPrefix)
                .delimiter(delimiter)
                .continuationToken(token)
                .maxKeys(keysMax));
        boolean more = Boolean.TRUE.equals(reply.isTruncated());
        return page(
                reply.contents(), reply.commonPrefixes(), bucketPrefix, more ? reply.nextContinuationToken() : null);
    }

    /// Without a delimiter a store need not say where to go on: after the last key.
    private static @Nullable String marker(ListObjectsResponse reply) {
        if (reply.nextMarker() != null && !reply.nextMarker().isEmpty()) {
            return reply.nextMarker();
        }
        return reply.contents().isEmpty() ? null : reply.contents().getLast().key();
    }

    private static ListPage page(
            List<S3Object> contents, List<CommonPrefix> folders, String bucketPrefix, @Nullable String next) {
        List<ObjectInfo> objects = new ArrayList<>();
        for (S3Object object : contents) {
            if (object.key().endsWith("/")) {
                continue; // the empty objects that consoles make for folders
            }
            String eTag = object.eTag() == null ? "" : object.eTag().replace("\"", "");
            objects.add(new ObjectInfo(
                    object.key().substring(bucketPrefix.length()), object.size(), eTag, object.lastModified()));
        }
        List<String> prefixes = folders.stream()
                .map(folder -> folder.prefix().substring(bucketPrefix.length()))
                .toList();
        return new ListPage(objects, prefixes, next);
    }
}
