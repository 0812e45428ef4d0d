package io.edgeship.chaos;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;

/// The head of an HTTP/1.1 request.
///
/// @param raw       all of it, the empty line too
/// @param target    path and query
/// @param bodyBytes that follow; -1 if the head does not say
/// @param expects   whether the client waits for `100 Continue` before it sends the body
record RequestHead(byte[] raw, String method, String target, long bodyBytes, boolean expects) {
    private static final int BYTES_MAX = 64 << 10;

    /// Reads the next head; empty at the end of the connection.
    static Optional<RequestHead> read(InputStream in) throws IOException {
        ByteArrayOutputStream raw = new ByteArrayOutputStream(1024);
        int last4 = 0;
        while (last4 != 0x0d0a0d0a) {
            int next = in.read();
            if (next < 0 && raw.size() == 0) {
                return Optional.empty();
            }
            if (next < 0 || raw.size() == BYTES_MAX) {
                throw new EOFException("request head ends after " + raw.size() + " bytes");
            }
            raw.write(next);
            last4 = last4 << 8 | next;
        }
        return Optional.of(parse(raw.toByteArray()));
    }

    private static RequestHead parse(byte[] raw) throws IOException {
        String[] lines = new String(raw, ISO_8859_1).split("\r\n");
        String[] request = lines[0].split(" ");
        if (request.length != 3) {
            throw new IOException("no HTTP request: " + lines[0]);
        }
        long bodyBytes = 0;
        boolean expects = false;
        for (int i = 1; i < lines.length; i++) {
            String[] header = lines[i].split(":", 2);
            String value = header.length == 2 ? header[1].strip() : "";
            switch (header[0].toLowerCase(Locale.ROOT)) {
                case "content-length" -> bodyBytes = Long.parseLong(value);
                case "transfer-encoding" -> bodyBytes = -1;
                case "expect" -> expects = true;
                default -> {}
            }
        }
        return new RequestHead(raw, request[0], request[1], bodyBytes, expects);
    }
}
