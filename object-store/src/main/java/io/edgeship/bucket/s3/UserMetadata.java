package io.edgeship.bucket.s3;

import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/// `put_user_metadata`: the key `X-Amz-Storage-Class`, in any case, sets the storage class; the others are metadata.
final class UserMetadata {
    private static final String STORAGE_CLASS = "x-amz-storage-class";

    private UserMetadata() {}

    static PutObjectRequest.Builder toPut(S3Settings settings, PutObjectRequest.Builder request) {
        request.metadata(others(settings));
        storageClass(settings).ifPresent(request::storageClass);
        return request;
    }

    static CreateMultipartUploadRequest.Builder toCreate(
            S3Settings settings, CreateMultipartUploadRequest.Builder request) {
        request.metadata(others(settings));
        storageClass(settings).ifPresent(request::storageClass);
        return request;
    }

    private static java.util.Optional<String> storageClass(S3Settings settings) {
        return settings.userMetadata().entrySet().stream()
                .filter(entry -> entry.getKey().equalsIgnoreCase(STORAGE_CLASS))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static Map<String, String> others(S3Settings settings) {
        Map<String, String> others = new HashMap<>(settings.userMetadata());
        others.keySet().removeIf(key -> key.equalsIgnoreCase(STORAGE_CLASS));
        return others;
    }
}
