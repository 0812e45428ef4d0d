package io.edgeship.runtime.http.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads private keys from PEM: PKCS #8, and the older PKCS #1 (RSA) and SEC 1 (EC), which openssl wrote for long. The
/// older two become PKCS #8 by an envelope that names the algorithm:
///
/// ```
/// PrivateKeyInfo := SEQUENCE { INTEGER 0, SEQUENCE { OID algorithm, parameters }, OCTET STRING { the older form } }
/// ```
final class PrivateKeys {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----(.*?)-----END \\1-----", Pattern.DOTALL);
    private static final HexFormat HEX = HexFormat.of();

    /// OID 1.2.840.113549.1.1.1, rsaEncryption, and no parameters.
    private static final byte[] RSA = HEX.parseHex("06092a864886f70d0101010500");

    /// OID 1.2.840.10045.2.1, ecPublicKey; the curve follows.
    private static final byte[] EC = HEX.parseHex("06072a8648ce3d0201");

    private static final byte[] VERSION_0 = HEX.parseHex("020100");
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;

    /// `[0]` of SEC 1: the curve.
    private static final int CURVE = 0xa0;

    private PrivateKeys() {}

    /// @throws IOException with a message fit for people, which quotes nothing of the key
    static PrivateKey read(String pem) throws IOException, GeneralSecurityException {
        Matcher block = BLOCK.matcher(pem);
        if (!block.find()) {
            throw new IOException("no private key in it (-----BEGIN PRIVATE KEY-----)");
        }
        String kind = block.group(1);
        String body = block.group(2);
        if (kind.equals("ENCRYPTED PRIVATE KEY") || body.contains("Proc-Type:")) {
            throw new IOException("the key has a password, which nobody is there to type: write it without by "
                    + "openssl pkcs8 -topk8 -nocrypt -in KEY -out NEW");
        }
        byte[] der = decoded(body);
        return switch (kind) {
            case "PRIVATE KEY" -> fromPkcs8(der);
            case "RSA PRIVATE KEY" -> fromPkcs8(envelope(RSA, der));
            case "EC PRIVATE KEY" -> fromPkcs8(envelope(concat(EC, curve(der)), der));
            default ->
                throw new IOException("a key of the kind " + kind
                        + " is not read: openssl pkcs8 -topk8 -nocrypt -in KEY -out NEW makes one that is");
        };
    }

    private static byte[] decoded(String body) throws IOException {
        try {
            return Base64.getMimeDecoder().decode(body);
        } catch (IllegalArgumentException e) {
            throw new IOException("the key is not base64");
        }
    }

    private static PrivateKey fromPkcs8(byte[] der) throws IOException, GeneralSecurityException {
        InvalidKeySpecException last = new InvalidKeySpecException();
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (InvalidKeySpecException otherKind) {
                last = otherKind;
            }
        }
        throw new IOException("the key is no RSA, EC or Ed25519 key, or damaged", last);
    }

    private static byte[] envelope(byte[] algorithm, byte[] key) {
        return der(SEQUENCE, concat(VERSION_0, der(SEQUENCE, algorithm), der(OCTET_STRING, key)));
    }

    /// The curve's OID, which SEC 1 keeps behind version and number.
    private static byte[] curve(byte[] sec1) throws IOException {
        ByteBuffer key = value(ByteBuffer.wrap(sec1), SEQUENCE);
        while (key.hasRemaining()) {
            int tag = key.get(key.position()) & 0xff;
            ByteBuffer value = value(key, tag);
            if (tag == CURVE) {
                byte[] oid = new byte[value.remaining()];
                value.get(oid);
                return oid;
            }
        }
        throw new IOException(
                "the key does not name its curve: openssl pkcs8 -topk8 -nocrypt -in KEY -out NEW writes one that does");
    }

    /// The content of the element at the buffer's position, which moves behind it.
    private static ByteBuffer value(ByteBuffer in, int tag) throws IOException {
        if (in.remaining() < 2 || (in.get() & 0xff) != tag) {
            throw new IOException("the key is damaged");
        }
        int length = in.get() & 0xff;
        if (length > 0x80) {
            int bytes = length - 0x80;
            length = 0;
            for (int i = 0; i < bytes && i < 3 && in.hasRemaining(); i++) {
                length = (length << 8) | (in.get() & 0xff);
            }
        }
        if (length > in.remaining()) {
            throw new IOException("the key is cut off");
        }
        ByteBuffer value = in.slice(in.position(), length);
        in.position(in.position() + length);
        return value;
    }

    private static byte[] der(int tag, byte[] content) {
        int length = content.length;
        byte[] head = length < 0x80
                ? new byte[] {(byte) tag, (byte) length}
                : new byte[] {(byte) tag, (byte) 0x83, (byte) (length >> 16), (byte) (length >> 8), (byte) length};
        return concat(head, content);
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
