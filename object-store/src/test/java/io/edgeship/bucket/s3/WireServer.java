package io.edgeship.bucket.s3;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// An HTTP server down to its sockets: it counts what crosses them, gives the replies of a script, and can stop in the
/// middle. Thread-safe.
final class WireServer implements AutoCloseable {
    /// How it treats a request.
    enum Manner {
        ANSWERS,
        /// Reads the head and then nothing more.
        NEVER_READS,
        /// Reads everything and says nothing.
        NEVER_ANSWERS,
        /// Announces a body and sends half of it.
        STOPS_HALFWAY,
        /// Closes the connection instead of letting the body come.
        HANGS_UP
    }

    private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
    private static final String OK =
            "HTTP/1.1 200 OK\r\nETag: \"5d41402abc4b2a76b9719d911017c592\"\r\nContent-Length: 0\r\n\r\n";

    private final Manner manner;
    private final @Nullable SSLContext tls;
    private final Listener listener;
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedDeque<String> script = new ConcurrentLinkedDeque<>();
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong continues = new AtomicLong();

    WireServer(Manner manner, @Nullable SSLContext tls) throws IOException {
        this.manner = manner;
        this.tls = tls;
        listener = new Listener();
        Thread.ofVirtual().start(this::accept);
    }

    /// @param replies heads and bodies, as they go on the wire; [#OK] after the last
    WireServer then(String... replies) {
        script.addAll(List.of(replies));
        return this;
    }

    static String reply(String status, String headers, String body) {
        return "HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n%s".formatted(status, headers, body.length(), body);
    }

    String endpoint() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /// The heads of the requests so far.
    List<String> heads() {
        return List.copyOf(heads);
    }

    int connectionCount() {
        return connections.size();
    }

    long receivedBytes() {
        return received.get();
    }

    /// Without `100 Continue`, which the JDK swallows.
    long sentBytes() {
        return sent.get() - (tls == null ? continues.get() * CONTINUE.length() : 0);
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                connections.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket raw) {
        try {
            Socket socket = raw;
            if (tls != null) {
                SSLSocket secure = (SSLSocket) tls.getSocketFactory().createSocket(raw, null, true);
                secure.setUseClientMode(false);
                socket = secure;
            }
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            for (String head = head(in); !head.isEmpty(); head = head(in)) {
                heads.add(head);
                handle(head, in, out);
            }
        } catch (IOException e) {
            closeQuietly(raw); // the client went away, or is to see the end
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // closed enough
        }
    }

    private void handle(String head, InputStream in, OutputStream out) throws IOException {
        if (manner == Manner.HANGS_UP) {
            throw new IOException("hangs up");
        }
        if (head.toLowerCase(Locale.ROOT).contains("expect: 100-continue")) {
            continues.incrementAndGet();
            out.write(CONTINUE.getBytes(ISO_8859_1));
        }
        switch (manner) {
            case HANGS_UP, NEVER_READS -> hang();
            case NEVER_ANSWERS -> {
                drain(in, length(head));
                hang();
            }
            case STOPS_HALFWAY -> {
                drain(in, length(head));
                out.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf".getBytes(ISO_8859_1));
                hang();
            }
            case ANSWERS -> {
                drain(in, length(head));
                String next = script.poll();
                out.write((next == null ? OK : next).getBytes(ISO_8859_1));
            }
        }
    }

    private static void hang() throws IOException {
        try {
            Thread.currentThread().join(); // until closing interrupts nobody: the test's JVM ends it
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /// Not by `skip`, which the counting would not see.
    private static void drain(InputStream in, long bytes) throws IOException {
        byte[] buffer = new byte[64 << 10];
        long left = bytes;
        while (left > 0) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                throw new IOException("cut with " + left + " bytes to go");
            }
            left -= read;
        }
    }

    private static long length(String head) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                .mapToLong(line ->
                        Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
                .findFirst()
                .orElse(0);
    }

    /// Empty at the end of the connection.
    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            int value = in.read();
            if (value < 0) {
                return "";
            }
            head.append((char) value);
        }
        return head.toString();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : connections) {
            socket.close();
        }
    }

    /// Accepts sockets that count.
    private final class Listener extends ServerSocket {
        private static final int RECEIVE_BUFFER_BYTES = 16 << 10; // so that a sender is stuck soon

        Listener() throws IOException {
            setReceiveBufferSize(RECEIVE_BUFFER_BYTES);
            bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        }

        @Override
        public Socket accept() throws IOException {
            Counted socket = new Counted();
            implAccept(socket);
            return socket;
        }
    }

    private final class Counted extends Socket {
        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read() throws IOException {
                    int value = super.read();
                    received.addAndGet(value < 0 ? 0 : 1);
                    return value;
                }

                @Override
                public int read(byte[] target, int offset, int length) throws IOException {
                    int read = super.read(target, offset, length);
                    received.addAndGet(Math.max(read, 0));
                    return read;
                }
            };
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return new FilterOutputStream(super.getOutputStream()) {
                @Override
                public void write(byte[] source, int offset, int length) throws IOException {
                    out.write(source, offset, length);
                    sent.addAndGet(length);
                }
            };
        }
    }
}
