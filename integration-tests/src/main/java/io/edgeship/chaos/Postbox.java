package io.edgeship.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/// Copies of requests that arrive later, each on a connection of its own. Thread-safe.
final class Postbox {
    /// Longer requests are not kept.
    static final int REQUEST_BYTES_MAX = 9 << 20;

    private static final long BYTES_MAX = 64 << 20;
    private static final int REPLY_LIMIT_MILLIS = 10_000;

    private final InetSocketAddress server;
    private final List<Letter> waiting = new ArrayList<>();
    private long delivered;

    Postbox(InetSocketAddress server) {
        this.server = server;
    }

    private record Letter(byte[] request, long dueAfterRequests) {}

    /// @param later after how many more requests; what the box has no room for is dropped
    synchronized void keep(byte[] request, int later) {
        long held = waiting.stream().mapToLong(letter -> letter.request.length).sum();
        if (held + request.length <= BYTES_MAX) {
            waiting.add(new Letter(request, later));
        }
    }

    /// A request went by: those whose time has come are delivered, in the background.
    void tick() {
        List<Letter> due = new ArrayList<>();
        synchronized (this) {
            waiting.replaceAll(letter -> new Letter(letter.request, letter.dueAfterRequests - 1));
            waiting.removeIf(letter -> letter.dueAfterRequests < 0 && due.add(letter));
        }
        due.forEach(letter -> Thread.ofVirtual().start(() -> deliver(letter)));
    }

    /// Delivers all there are, now, and waits for the server's answers.
    void empty() {
        List<Letter> due;
        synchronized (this) {
            due = List.copyOf(waiting);
            waiting.clear();
        }
        due.forEach(this::deliver);
    }

    private void deliver(Letter letter) {
        try (Socket socket = new Socket()) {
            socket.connect(server, REPLY_LIMIT_MILLIS);
            socket.setSoTimeout(REPLY_LIMIT_MILLIS);
            socket.getOutputStream().write(letter.request);
            InputStream in = socket.getInputStream();
            if (in.read(new byte[1024]) > 0) { // whatever it says: it has been there
                synchronized (this) {
                    delivered++;
                }
            }
        } catch (IOException e) {
            // the server is gone, or did not want it: late letters have no sender to tell
        }
    }

    synchronized long delivered() {
        return delivered;
    }
}
