package io.edgeship.chaos;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Locale;

/// Speaks HTTP over one connection without any cleverness: it never tries again.
final class RawClient implements AutoCloseable {
    /// A header; the body is then to be in chunks.
    static final String CHUNKED = "Transfer-Encoding: chunked";

    private static final int ANSWER_LIMIT_MILLIS = 10_000;

    private final Socket socket;

    RawClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(ANSWER_LIMIT_MILLIS);
    }

    /// Status and body of the answer, as `200 body`.
    String send(String method, String path, String body, String... headers) throws IOException {
        StringBuilder request = new StringBuilder("%s %s HTTP/1.1\r\nHost: here\r\n".formatted(method, path));
        if (!List.of(headers).contains(CHUNKED)) {
            request.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        socket.getOutputStream().write((request + "\r\n" + body).getBytes(US_ASCII));
        return answer();
    }

    private String answer() throws IOException {
        InputStream in = socket.getInputStream();
        String head = head(in);
        while (head.startsWith("HTTP/1.1 1")) {
            head = head(in);
        }
        int length = 0;
        for (String line : head.split("\r\n")) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(
                        line.substring("content-length:".length()).strip());
            }
        }
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("body ends after " + body.length + " of " + length);
        }
        return head.split(" ")[1] + " " + new String(body, US_ASCII);
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("head ends after " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
