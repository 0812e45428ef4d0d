package io.edgeship.bucket;

/// The `objstore.yml` of a server on this machine.
final class S3Yaml {
    private S3Yaml() {}

    static String of(String endpoint, String accessKey, String secretKey, String bucket) {
        return """
                type: S3
                config:
                  bucket: %s
                  endpoint: %s
                  access_key: %s
                  secret_key: %s
                  insecure: true
                  bucket_lookup_type: path
                """.formatted(bucket, endpoint, accessKey, secretKey);
    }
}
