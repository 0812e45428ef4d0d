package io.edgeship.it;

import io.edgeship.demo.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// A link with little bandwidth upwards: forwards the connections to a port of the loopback address, and counts what
/// goes up. One connection at a time gets the whole bandwidth, several each get it.
final class SlowLink implements AutoCloseable {
    private static final int PIECE_BYTES = 16 << 10;
    private static final int SOCKET_BUFFER_BYTES = 64 << 10;

    private final ServerSocket listener;
    private final int target;
    private final AtomicLong sentBytes = new AtomicLong();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile long bytesPerSecond;

    private SlowLink(ServerSocket listener, int target, long bytesPerSecond) {
        this.listener = listener;
        this.target = target;
        this.bytesPerSecond = bytesPerSecond;
    }

    static SlowLink to(int port, long bytesPerSecond) throws IOException {
        ServerSocket listener = new ServerSocket();
        listener.setReceiveBufferSize(SOCKET_BUFFER_BYTES); // what waits in buffers is sent, but not through
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        SlowLink link = new SlowLink(listener, port, bytesPerSecond);
        Thread.ofVirtual().name("slow-link").start(link::accept);
        return link;
    }

    int port() {
        return listener.getLocalPort();
    }

    void rate(long newBytesPerSecond) {
        bytesPerSecond = newBytesPerSecond;
    }

    /// Bytes that went up so far, headers too.
    long sentBytes() {
        return sentBytes.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                forward(listener.accept());
            } catch (IOException e) {
                // closed, or the server is gone: the client sees its connection end
            }
        }
    }

    private void forward(Socket client) throws IOException {
        open.add(client);
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        open.add(server);
        Thread.ofVirtual().start(() -> copy(client, server, true));
        Thread.ofVirtual().start(() -> copy(server, client, false));
    }

    private void copy(Socket from, Socket to, boolean upwards) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            byte[] piece = new byte[PIECE_BYTES];
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                out.write(piece, 0, read);
                if (upwards) {
                    sentBytes.addAndGet(read);
                    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1) * read / bytesPerSecond);
                }
            }
        } catch (IOException e) {
            // one side is gone: so is the other now
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    /// Waits until so many bytes went up.
    void awaitSent(long bytes, Duration limit) throws IOException, InterruptedException {
        Deadline.in(limit).await(bytes + " bytes on the link", () -> sentBytes() >= bytes);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
