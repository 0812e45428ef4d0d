package io.edgeship.bucket.s3;

import io.edgeship.bucket.Link;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;

/// One try of one request. A read that stands still ends by the socket's own timeout; a write has none, so while a body
/// goes out the [StallWatch] looks on.
final class WatchedTry implements ExecutableHttpRequest, StallWatch.Watched {
    private final HttpExecuteRequest request;
    private final long bodyBytes;
    private final HttpURLConnection connection;
    private final Duration stallAfter;
    private final HttpConnections connections;
    private final Link link;
    private final StallWatch watch;
    private final ExecutableHttpRequest inner;

    private volatile Thread caller = Thread.currentThread();
    private volatile long overdueAtNanos;
    private volatile boolean held; // by the link, which is no stall
    private volatile boolean cut;
    private boolean over;
    private boolean headCounted;

    WatchedTry(
            HttpExecuteRequest request,
            long bodyBytes,
            HttpURLConnection connection,
            Duration stallAfter,
            WatchedHttpClient client) {
        this.request = request;
        this.bodyBytes = bodyBytes;
        this.connection = connection;
        this.stallAfter = stallAfter;
        connections = client.connections();
        link = client.link();
        watch = client.watch();
        inner = WatchedHttpClient.on(connection, counted(request));
    }

    private HttpExecuteRequest counted(HttpExecuteRequest request) {
        HttpExecuteRequest.Builder counted = HttpExecuteRequest.builder().request(request.httpRequest());
        request.contentStreamProvider().ifPresent(body -> counted.contentStreamProvider(() -> sending(body)));
        request.metricCollector().ifPresent(counted::metricCollector);
        return counted.build();
    }

    private InputStream sending(ContentStreamProvider body) {
        countHead(); // the JDK has sent it by now
        moved(1);
        if (!stallAfter.isZero()) {
            watch.begin(this);
        }
        return new PacedStream(body.newStream(), this);
    }

    @Override
    public HttpExecuteResponse call() throws IOException {
        link.admit(bodyBytes);
        caller = Thread.currentThread();
        try {
            HttpExecuteResponse reply = inner.call();
            countHead();
            connections.check(connection, reply.httpResponse());
            return counted(reply);
        } catch (IOException | RuntimeException e) {
            IOException cause = ioCause(e);
            if (!isOfConnecting(cause)) {
                countHead();
            }
            boolean silent = cause instanceof SocketTimeoutException && !isOfConnecting(cause);
            if (!stallAfter.isZero() && (cut || silent)) {
                throw new StalledException(stallAfter, e);
            }
            if (e instanceof UncheckedIOException) {
                throw cause; // unchecked, the SDK lets it fall through to where it is taken for a bug
            }
            throw e;
        } finally {
            end();
        }
    }

    private void end() {
        watch.end(this);
        synchronized (this) {
            over = true;
        }
    }

    private static IOException ioCause(Exception failure) {
        Throwable cause = failure instanceof UncheckedIOException ? failure.getCause() : failure;
        return cause instanceof IOException io ? io : new IOException(cause);
    }

    /// Without a connection nothing was sent.
    private static boolean isOfConnecting(IOException failure) {
        return failure instanceof ConnectException
                || failure instanceof UnknownHostException
                || failure instanceof NoRouteToHostException
                || (failure instanceof SocketTimeoutException
                        && String.valueOf(failure.getMessage()).startsWith("Connect"));
    }

    private void countHead() {
        if (!headCounted && !connections.countsItself(connection)) {
            link.sent(HttpHeads.sizeBytes(request));
        }
        headCounted = true;
    }

    private HttpExecuteResponse counted(HttpExecuteResponse reply) {
        boolean count = !connections.countsItself(connection);
        if (count) {
            link.received(HttpHeads.sizeBytes(reply.httpResponse()));
        }
        HttpExecuteResponse.Builder counted = HttpExecuteResponse.builder().response(reply.httpResponse());
        reply.responseBody()
                .ifPresent(body -> counted.responseBody(AbortableInputStream.create(
                        new ReplyStream(body, count ? link : Link.UNWATCHED, stallAfter), body)));
        return counted.build();
    }

    /// Lets `bytes` more of the body pass once the link has room for them.
    void pass(int bytes) throws IOException {
        held = true;
        try {
            link.pace(bytes);
        } finally {
            moved(1);
            held = false;
        }
        if (!connections.countsItself(connection)) {
            link.sent(bytes);
        }
    }

    /// All of the body has passed. The last of it may be stuck here yet; then comes the wait for the reply, which has a
    /// time of its own.
    void passedAll() {
        moved(2);
    }

    private void moved(int patience) {
        overdueAtNanos = System.nanoTime() + patience * stallAfter.toNanos();
    }

    @Override
    public long patienceNanos() {
        return held ? stallAfter.toNanos() : overdueAtNanos - System.nanoTime();
    }

    @Override
    public synchronized void cut() {
        if (!over) { // else the thread is at another request by now
            cut = true;
            connections.cut(caller, connection);
        }
    }

    @Override
    public void abort() {
        inner.abort();
    }
}
