package io.edgeship.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Listens on loopback, forwards to a server, does harm on the way as its [Faults] say, and counts. Thread-safe; all
/// faults can be changed while it runs.
public final class ChaosProxy implements AutoCloseable {
    /// What waits in a buffer was sent by the client, but not by the link. Less would make loopback crawl.
    private static final int RECEIVE_BUFFER_BYTES = 64 << 10;

    /// As above, where the link is slow enough for it to matter.
    private static final int SLOW_RECEIVE_BUFFER_BYTES = 8 << 10;

    private static final long SLOW_BYTES_PER_SECOND = 4 << 20;
    private static final int CONNECT_LIMIT_MILLIS = 10_000;

    private final ServerSocket listener;
    private final InetSocketAddress server;
    private final Link link = new Link(this::resetAll);
    private final Postbox postbox;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong connections = new AtomicLong();
    private volatile Faults faults;
    private volatile Fates fates;
    private volatile @Nullable Thread schedule;

    private ChaosProxy(ServerSocket listener, InetSocketAddress server, Faults faults) {
        this.listener = listener;
        this.server = server;
        this.faults = faults;
        fates = new Fates(faults);
        postbox = new Postbox(server);
    }

    /// From a free port of the loopback address to the port given.
    public static ChaosProxy to(int port, Faults faults) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        return between(new InetSocketAddress(loopback, 0), new InetSocketAddress(loopback, port), faults);
    }

    public static ChaosProxy between(InetSocketAddress listen, InetSocketAddress server, Faults faults)
            throws IOException {
        ServerSocket listener = new ServerSocket();
        boolean slow = faults.first(Fault.Throttle.class)
                .filter(throttle -> throttle.bytesPerSecond() < SLOW_BYTES_PER_SECOND)
                .isPresent();
        listener.setReceiveBufferSize(slow ? SLOW_RECEIVE_BUFFER_BYTES : RECEIVE_BUFFER_BYTES);
        listener.bind(listen);
        ChaosProxy proxy = new ChaosProxy(listener, server, faults);
        proxy.change(faults);
        Thread.ofVirtual().name("chaos").start(proxy::accept);
        return proxy;
    }

    public int port() {
        return listener.getLocalPort();
    }

    /// From now on these. Faults of requests befall connections that are made from now on; numbers of requests, and
    /// bytes until the next cut, count anew.
    public void change(Faults next) {
        stopSchedule();
        faults = next;
        fates = new Fates(next);
        link.change(next);
        recover();
        next.first(Fault.Schedule.class)
                .ifPresent(times -> schedule = Thread.ofVirtual().start(() -> run(times)));
    }

    private void run(Fault.Schedule times) {
        while (!Thread.currentThread().isInterrupted()) {
            Pace.sleep(times.up());
            if (!Thread.currentThread().isInterrupted()) {
                goDown(times.how());
                Pace.sleep(times.down());
                recover();
            }
        }
    }

    private void stopSchedule() {
        Thread running = schedule;
        if (running != null) {
            running.interrupt();
            schedule = null;
        }
    }

    /// Cuts the link once, now.
    public void cut() {
        link.cut();
    }

    /// The link is down until [#recover].
    public void goDown(Outage how) {
        link.outage(how);
        if (how == Outage.REFUSES) {
            resetAll();
        }
    }

    public void recover() {
        boolean swallowed = link.outage().filter(Outage.SWALLOWS::equals).isPresent();
        link.outage(null);
        if (swallowed) {
            resetAll(); // whatever they lost does not come back
        }
    }

    /// Delivers what was to arrive later, now.
    public void deliverLate() {
        postbox.empty();
    }

    /// Client to server, heads too: what the proxy took in.
    public long sentBytes() {
        return link.sentBytes();
    }

    /// Of the faults since they were changed last; bytes, connections and cuts since the beginning.
    public Counts counts() {
        return new Counts(
                link.sentBytes(),
                link.receivedBytes(),
                connections.get(),
                link.cuts(),
                fates.requests(),
                fates.befallen(),
                postbox.delivered());
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                // closed: the loop ends
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket upstream = new Socket()) {
            Connection connection = new Connection(client, upstream, link);
            if (link.outage().filter(Outage.REFUSES::equals).isPresent()) {
                connection.reset();
                return;
            }
            link.awaitRoundTrip();
            upstream.connect(server, CONNECT_LIMIT_MILLIS);
            client.setTcpNoDelay(true); // heads and bodies are passed on one by one: nobody is to wait for more
            upstream.setTcpNoDelay(true);
            serve(connection);
        } catch (IOException e) {
            // one side is gone: so is the other now
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(Connection connection) throws IOException, InterruptedException {
        open.add(connection);
        try {
            Fates now = fates;
            if (now.none()) {
                Tunnel.run(connection);
            } else {
                new Exchanges(connection, now, postbox).run();
            }
        } catch (IOException e) {
            connection.reset();
            throw e;
        } finally {
            open.remove(connection);
        }
    }

    private void resetAll() {
        open.forEach(Connection::reset);
    }

    @Override
    public String toString() {
        return "chaos seed=%d faults=%s %s".formatted(faults.seed(), faults.all(), counts());
    }

    @Override
    public void close() throws IOException {
        stopSchedule();
        listener.close();
        link.outage(null); // wakes who waits
        resetAll();
    }
}
