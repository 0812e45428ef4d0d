package io.edgeship.ship.loki;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The digest that manifests name.
final class Sha256 {
    private Sha256() {}

    static byte[] of(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
