package io.edgeship.bucket.s3;

import io.edgeship.bucket.Confirmation;
import io.edgeship.bucket.ObjectDigest;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.bucket.UploadedPart;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What S3 makes of an object's bytes: the MD5 of an object put whole, and for an upload of n parts the MD5 of
/// their MD5s, then `-n`. Stores that encrypt with a key of their own or the customer's make something else.
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

    /// Whether the ETag has the form of an MD5 of all the bytes.
    static boolean isOfWholePut(ObjectInfo there) {
        return DIGEST.matcher(there.eTag()).matches() && !there.eTag().contains("-");
    }

    static String of(ObjectDigest digest) {
        return digest.multipart()
                ? ofMd5s(digest.parts().stream().map(ObjectDigest.Part::md5Hex).toList())
                : digest.parts().getFirst().md5Hex();
    }

    /// The ETag of the object that these parts make, or empty if their own ETags are no digests.
    static Optional<String> ofParts(List<UploadedPart> parts) {
        List<String> eTags = parts.stream().map(UploadedPart::eTag).toList();
        boolean digests = eTags.stream().allMatch(eTag -> DIGEST.matcher(eTag).matches() && !eTag.contains("-"));
        return digests ? Optional.of(ofMd5s(eTags)) : Optional.empty();
    }

    private static String ofMd5s(List<String> md5Hexes) {
        MessageDigest md5 = SendableBody.newMd5();
        for (String part : md5Hexes) {
            md5.update(HexFormat.of().parseHex(part));
        }
        return HexFormat.of().formatHex(md5.digest()) + "-" + md5Hexes.size();
    }
}
