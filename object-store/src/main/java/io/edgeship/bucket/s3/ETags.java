package io.edgeship.bucket.s3;

import io.edgeship.bucket.Confirmation;
import io.edgeship.bucket.ObjectDigest;
import io.edgeship.bucket.ObjectInfo;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// What S3 makes of an object's bytes: the MD5 of an object put whole, and for an upload of n parts the MD5 of their
/// MD5s,
/// then `-n`. Stores that encrypt with a key of their own or the customer's make something else.
final class ETags {
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{32}(-\\d+)?");

    private ETags() {}

    static Confirmation compare(ObjectInfo there, ObjectDigest expected, boolean eTagsAreDigests) {
        if (there.sizeBytes() != expected.sizeBytes()) {
            return Confirmation.DIFFERS;
        }
        if (there.eTag().equals(of(expected))) {
            return Confirmation.MATCHES;
        }
        boolean sameKind =
                DIGEST.matcher(there.eTag()).matches() && there.eTag().contains("-") == expected.multipart();
        return eTagsAreDigests && sameKind ? Confirmation.DIFFERS : Confirmation.SIZE_MATCHES;
    }

    static String of(ObjectDigest digest) {
        if (!digest.multipart()) {
            return digest.parts().getFirst().md5Hex();
        }
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            for (ObjectDigest.Part part : digest.parts()) {
                md5.update(HexFormat.of().parseHex(part.md5Hex()));
            }
            return HexFormat.of().formatHex(md5.digest()) + "-" + digest.parts().size();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }
}
