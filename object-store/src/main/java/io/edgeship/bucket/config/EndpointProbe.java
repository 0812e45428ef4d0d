package io.edgeship.bucket.config;

import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Tells whether the way to the store is open, by opening one TCP connection and closing it: some 200 bytes on the
/// wire, and no request that the store would count or bill. Thread-safe.
public final class EndpointProbe {
    private static final Log LOG = Log.of(EndpointProbe.class);

    private final InetSocketAddress address;
    private @Nullable FutureTask<Boolean> underWay;

    private EndpointProbe(InetSocketAddress address) {
        this.address = address;
    }

    /// For the endpoint of `config`, or for the proxy before it; empty for a directory, which has no link.
    public static Optional<EndpointProbe> of(ObjstoreConfig config) {
        return switch (config) {
            case ObjstoreConfig.Filesystem _ -> Optional.empty();
            case ObjstoreConfig.S3 s3 ->
                Optional.of(new EndpointProbe(s3.settings().firstHop()));
        };
    }

    /// Whether a connection could be opened within `timeout`, looking up the name included. One try is under way at a
    /// time: a lookup that hangs is waited for again, not asked twice. False for a thread that is interrupted; it
    /// stays so.
    public boolean reaches(Duration timeout) {
        try {
            return started(timeout).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (TimeoutException | ExecutionException e) {
            LOG.debug("no connection to the store's endpoint", "address", address, "why", e);
            return false;
        }
    }

    private synchronized FutureTask<Boolean> started(Duration timeout) {
        if (underWay == null || underWay.isDone()) {
            underWay = new FutureTask<>(() -> connects(timeout));
            Thread.ofPlatform().daemon().name("endpoint-probe").start(underWay);
        }
        return underWay;
    }

    private boolean connects(Duration timeout) throws IOException {
        try (Socket socket = new Socket()) {
            int millis = (int) Math.clamp(timeout.toMillis(), 1L, (long) Integer.MAX_VALUE);
            socket.connect(new InetSocketAddress(address.getHostString(), address.getPort()), millis);
            return true;
        }
    }
}
