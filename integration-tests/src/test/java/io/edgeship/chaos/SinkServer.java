package io.edgeship.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;

/// Reads all that comes, counts it, and answers each 1000 bytes with one.
final class SinkServer implements AutoCloseable {
    static final int BYTES_PER_ANSWER = 1000;

    private final ServerSocket listener;
    private final AtomicLong bytes = new AtomicLong();

    SinkServer() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    long bytes() {
        return bytes.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                Thread.ofVirtual().start(() -> drain(socket));
            } catch (IOException e) {
                // closed: the loop ends
            }
        }
    }

    private void drain(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[4096];
            long seen = 0;
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                bytes.addAndGet(read);
                long answers = (seen + read) / BYTES_PER_ANSWER - seen / BYTES_PER_ANSWER;
                seen += read;
                socket.getOutputStream().write(new byte[(int) answers]);
            }
        } catch (IOException e) {
            // cut: what came was counted
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
