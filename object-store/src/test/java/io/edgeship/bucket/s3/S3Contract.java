package io.edgeship.bucket.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketContract;
import io.edgeship.bucket.ListPage;
import io.edgeship.bucket.UploadedPart;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.minio.BucketExistsArgs;
import io.minio.GetObjectArgs;
import io.minio.ListObjectsArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.StatObjectArgs;
import io.minio.StatObjectResponse;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The contract on an S3 server, and the MinIO client as a second pair of eyes: what the AWS SDK wrote, it lists,
/// stats and reads with equal bytes.
abstract class S3Contract extends BucketContract {
    /// Of this bucket's keys, so that the prefix is tried too.
    static final String PREFIX = "team/edge";

    static final String BUCKET = "contract";

    /// A client that shares no code with ours.
    abstract MinioClient otherClient();

    String bucketName() {
        return BUCKET;
    }

    static Bucket open(String objstoreYaml) throws Exception {
        return Buckets.open(ObjstoreConfig.parse("objstore.yml", objstoreYaml + "prefix: " + PREFIX + "\n"));
    }

    static MinioClient minio(String url, String accessKey, String secretKey) {
        return MinioClient.builder()
                .endpoint(url)
                .region("us-east-1")
                .credentials(accessKey, secretKey)
                .build();
    }

    static void makeBucket(MinioClient client, String bucket) throws Exception {
        if (!client.bucketExists(BucketExistsArgs.builder().bucket(bucket).build())) {
            client.makeBucket(MakeBucketArgs.builder().bucket(bucket).build());
        }
    }

    @Test
    void anotherClientReadsWhatWasPutAndUploaded() throws Exception {
        byte[] small = new byte[70_000];
        new Random(11).nextBytes(small);
        byte[] part = new byte[(int) UploadedPart.SIZE_BYTES_MIN];
        new Random(12).nextBytes(part);
        bucket().put("other/small", Body.of(small));
        String id = bucket().createUpload("other/large");
        UploadedPart one = bucket().uploadPart("other/large", id, 1, Body.of(part));
        UploadedPart two = bucket().uploadPart("other/large", id, 2, Body.of(small));
        bucket().completeUpload("other/large", id, List.of(one, two));

        assertThat(listed("other/")).containsExactly("other/large", "other/small");
        assertThat(read("other/small")).isEqualTo(small);
        assertThat(read("other/large")).startsWith(part).endsWith(small).hasSize(part.length + small.length);
        StatObjectResponse stat = otherClient()
                .statObject(StatObjectArgs.builder()
                        .bucket(bucketName())
                        .object(PREFIX + "/other/large")
                        .build());
        assertThat(stat.size()).isEqualTo(part.length + small.length);
        assertThat(stat.etag())
                .isEqualTo(bucket().head("other/large").orElseThrow().eTag());
        ListPage ours = bucket().list("other/", null, null, ListPage.KEYS_MAX);
        assertThat(ours.objects()).hasSize(2);
    }

    private byte[] read(String key) throws Exception {
        try (InputStream in = otherClient()
                .getObject(GetObjectArgs.builder()
                        .bucket(bucketName())
                        .object(PREFIX + "/" + key)
                        .build())) {
            return in.readAllBytes();
        }
    }

    private List<String> listed(String prefix) throws Exception {
        List<String> keys = new ArrayList<>();
        var results = otherClient()
                .listObjects(ListObjectsArgs.builder()
                        .bucket(bucketName())
                        .prefix(PREFIX + "/" + prefix)
                        .recursive(true)
                        .build());
        for (var result : results) {
            keys.add(result.get().objectName().substring(PREFIX.length() + 1));
        }
        return keys;
    }
}
