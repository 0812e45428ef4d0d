package io.edgeship.bucket.s3;

import io.edgeship.runtime.config.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/// Adds to requests what `sse_config` asks for.
sealed interface S3Encryption {
    /// Whether the store's ETags are still digests of the bytes.
    boolean eTagsAreDigests();

    default PutObjectRequest.Builder toPut(PutObjectRequest.Builder request) {
        return request;
    }

    default void toCreate(CreateMultipartUploadRequest.Builder request) {}

    default void toPart(UploadPartRequest.Builder request) {}

    default void toComplete(CompleteMultipartUploadRequest.Builder request) {}

    default void toGet(GetObjectRequest.Builder request) {}

    default void toHead(HeadObjectRequest.Builder request) {}

    static S3Encryption of(S3Settings.Encryption settings) throws ConfigException {
        return switch (settings.type()) {
            case "SSE-S3" -> new ByStore(ServerSideEncryption.AES256, null, null, true);
            case "SSE-KMS" ->
                new ByStore(ServerSideEncryption.AWS_KMS, settings.kmsKeyId(), context(settings.kmsContext()), false);
            case "SSE-C" -> ByCustomer.read(Path.of(settings.keyFile()));
            default -> new None();
        };
    }

    private static @Nullable String context(Map<String, String> pairs) {
        if (pairs.isEmpty()) {
            return null;
        }
        StringBuilder json = new StringBuilder("{");
        pairs.forEach((key, value) -> json.append(json.length() > 1 ? "," : "")
                .append('"')
                .append(key.replace("\\", "\\\\").replace("\"", "\\\""))
                .append("\":\"")
                .append(value.replace("\\", "\\\\").replace("\"", "\\\""))
                .append('"'));
        return Base64.getEncoder().encodeToString(json.append('}').toString().getBytes(StandardCharsets.UTF_8));
    }

    record None() implements S3Encryption {
        @Override
        public boolean eTagsAreDigests() {
            return true;
        }
    }

    record ByStore(
            ServerSideEncryption algorithm,
            @Nullable String kmsKeyId,
            @Nullable String kmsContext,
            boolean eTagsAreDigests)
            implements S3Encryption {
        @Override
        public PutObjectRequest.Builder toPut(PutObjectRequest.Builder request) {
            return request.serverSideEncryption(algorithm).ssekmsKeyId(kmsKeyId).ssekmsEncryptionContext(kmsContext);
        }

        @Override
        public void toCreate(CreateMultipartUploadRequest.Builder request) {
            request.serverSideEncryption(algorithm).ssekmsKeyId(kmsKeyId).ssekmsEncryptionContext(kmsContext);
        }
    }

    record ByCustomer(String key, String keyMd5) implements S3Encryption {
        private static final String ALGORITHM = "AES256";
        private static final int KEY_BYTES = 32;

        static ByCustomer read(Path keyFile) throws ConfigException {
            try {
                byte[] key = Files.readAllBytes(keyFile);
                if (key.length != KEY_BYTES) {
                    throw new ConfigException("sse_config.encryption_key %s has %d bytes, must have %d"
                            .formatted(keyFile, key.length, KEY_BYTES));
                }
                byte[] md5 = MessageDigest.getInstance("MD5").digest(key);
                return new ByCustomer(
                        Base64.getEncoder().encodeToString(key),
                        Base64.getEncoder().encodeToString(md5));
            } catch (IOException e) {
                throw new ConfigException("sse_config.encryption_key: " + e.getMessage(), e);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has MD5", e);
            }
        }

        @Override
        public boolean eTagsAreDigests() {
            return false;
        }

        @Override
        public PutObjectRequest.Builder toPut(PutObjectRequest.Builder request) {
            return request.sseCustomerAlgorithm(ALGORITHM).sseCustomerKey(key).sseCustomerKeyMD5(keyMd5);
        }

        @Override
        public void toCreate(CreateMultipartUploadRequest.Builder request) {
            request.sseCustomerAlgorithm(ALGORITHM).sseCustomerKey(key).sseCustomerKeyMD5(keyMd5);
        }

        @Override
        public void toPart(UploadPartRequest.Builder request) {
            request.sseCustomerAlgorithm(ALGORITHM).sseCustomerKey(key).sseCustomerKeyMD5(keyMd5);
        }

        @Override
        public void toComplete(CompleteMultipartUploadRequest.Builder request) {
            request.sseCustomerAlgorithm(ALGORITHM).sseCustomerKey(key).sseCustomerKeyMD5(keyMd5);
        }

        @Override
        public void toGet(GetObjectRequest.Builder request) {
            request.sseCustomerAlgorithm(ALGORITHM).sseCustomerKey(key).sseCustomerKeyMD5(keyMd5);
        }

        @Override
        public void toHead(HeadObjectRequest.Builder request) {
            request.sseCustomerAlgorithm(ALGORITHM).sseCustomerKey(key).sseCustomerKeyMD5(keyMd5);
        }

        @Override
        public String toString() {
            return "ByCustomer"; // the key is a secret
        }
    }
}
