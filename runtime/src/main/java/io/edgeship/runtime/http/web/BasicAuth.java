package io.edgeship.runtime.http.web;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Checks names and passwords against bcrypt hashes, which is slow on purpose: one at a time, and what was right is
/// remembered under a keyed hash, never as it came. An unknown name takes as long as a wrong password. Thread-safe.
final class BasicAuth {
    private static final String SCHEME = "Basic ";
    private static final String MAC = "HmacSHA256";
    private static final int REMEMBERED_MAX = 100;

    /// Salt and hash of a password that was thrown away.
    private static final String NOBODYS = "ojyel42nK.eGFHJ/c81Rjuit9RKoOs4K02/61hfmbba26Y1AQxAcC";

    private static final int COST_AT = 4;

    private final SecretKeySpec key;
    private final Object hashing = new Object();
    private final Map<ByteBuffer, Boolean> remembered = new LinkedHashMap<>();

    BasicAuth() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        key = new SecretKeySpec(random, MAC);
    }

    private record Login(String user, byte[] password) {}

    /// @param users         hash by name, none of them empty
    /// @param authorization the header; null where the client sent none
    boolean admits(Map<String, String> users, @Nullable String authorization) {
        Optional<Login> login = login(authorization);
        if (login.isEmpty()) {
            return false;
        }
        String user = login.get().user();
        String hash = users.get(user);
        ByteBuffer seen = digest(user, hash == null ? "" : hash, login.get().password());
        if (hash != null && isRemembered(seen)) {
            return true;
        }
        boolean right;
        synchronized (hashing) {
            right = matches(hash == null ? decoy(users) : hash, login.get().password());
        }
        if (right && hash != null) {
            remember(seen);
            return true;
        }
        return false;
    }

    private static Optional<Login> login(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        byte[] both;
        try {
            both = Base64.getDecoder()
                    .decode(authorization.substring(SCHEME.length()).strip());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        for (int colon = 0; colon < both.length; colon++) {
            if (both[colon] == ':') {
                byte[] password = new byte[both.length - colon - 1];
                System.arraycopy(both, colon + 1, password, 0, password.length);
                return Optional.of(new Login(new String(both, 0, colon, StandardCharsets.UTF_8), password));
            }
        }
        return Optional.empty();
    }

    /// bcrypt looks at 72 bytes and no more, as Go's does.
    private static boolean matches(String hash, byte[] password) {
        BCrypt.Version version = BCrypt.Version.VERSION_2Y;
        return BCrypt.verifyer(version, LongPasswordStrategies.truncate(version))
                .verify(password, hash.getBytes(StandardCharsets.US_ASCII))
                .verified;
    }

    /// As costly as those of the users.
    private static String decoy(Map<String, String> users) {
        String any = users.values().iterator().next();
        return any.substring(0, any.indexOf('$', COST_AT) + 1) + NOBODYS;
    }

    private ByteBuffer digest(String user, String hash, byte[] password) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            for (byte[] part :
                    new byte[][] {user.getBytes(StandardCharsets.UTF_8), hash.getBytes(StandardCharsets.UTF_8)}) {
                mac.update(
                        ByteBuffer.allocate(Integer.BYTES).putInt(part.length).flip());
                mac.update(part);
            }
            return ByteBuffer.wrap(mac.doFinal(password));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + MAC, e);
        }
    }

    private boolean isRemembered(ByteBuffer seen) {
        synchronized (remembered) {
            return remembered.containsKey(seen);
        }
    }

    /// The one that came first makes room.
    private void remember(ByteBuffer seen) {
        synchronized (remembered) {
            if (remembered.size() == REMEMBERED_MAX) {
                remembered.remove(remembered.keySet().iterator().next());
            }
            remembered.put(seen, true);
        }
    }
}
