package io.edgeship.bucket;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/// The keys that every store takes: 1 to 1024 bytes of UTF-8, segments joined by single slashes, no
/// segment empty, `.` or `..`, no NUL. S3 itself takes more, but such keys escape from a directory, are
/// rewritten by proxies, or cannot be told apart.
public final class ObjectKeys {
    /// S3's own limit.
    public static final int BYTES_MAX = 1024;

    /// The order of listings: by the bytes of the UTF-8 form.
    public static final Comparator<String> BYTE_ORDER =
            (a, b) -> Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

    private ObjectKeys() {}

    /// Returns `key` if it may be used.
    public static String require(String key) throws BucketException.Refused {
        if (key.isEmpty()) {
            throw new BucketException.Refused("an object key must not be empty", null);
        }
        if (key.getBytes(StandardCharsets.UTF_8).length > BYTES_MAX) {
            throw refused(key, "is longer than " + BYTES_MAX + " bytes");
        }
        requireSegments(key, key.split("/", -1));
        return key;
    }

    /// Returns `prefix` if it may begin a key; the empty one may.
    public static String requirePrefix(String prefix) throws BucketException.Refused {
        String whole = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
        int lastSlash = whole.lastIndexOf('/');
        if (!whole.isEmpty() && (prefix.endsWith("/") || lastSlash >= 0)) {
            String complete = prefix.endsWith("/") ? whole : whole.substring(0, lastSlash);
            requireSegments(prefix, complete.split("/", -1));
        } else if (prefix.equals("/")) {
            throw refused(prefix, "begins with a slash");
        }
        return prefix;
    }

    private static void requireSegments(String key, String[] segments) throws BucketException.Refused {
        for (String segment : segments) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..") || segment.indexOf('\0') >= 0) {
                throw refused(key, "has an empty segment, a '.', a '..' or a NUL");
            }
        }
    }

    private static BucketException.Refused refused(String key, String why) {
        return new BucketException.Refused("object key '" + key + "' " + why, null);
    }
}
