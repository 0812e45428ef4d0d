package io.edgeship.chaos;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/// Passes on the requests of one connection, one after the other, and lets each suffer its fate. Replies are not read:
/// no client of ours sends a request before the last one was answered, so what comes belongs to the last.
final class Exchanges {
    private static final int BUFFER_BYTES = 16 << 10;
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(US_ASCII);

    private final Connection connection;
    private final Fates fates;
    private final Postbox postbox;
    private final InputStream in;
    private final OutputStream toServer;
    private final OutputStream toClient;
    private volatile ReplyFate reply = ReplyFate.WHOLE;

    private enum ReplyFate {
        WHOLE,
        TRUNCATED,
        DROPPED
    }

    Exchanges(Connection connection, Fates fates, Postbox postbox) throws IOException {
        this.connection = connection;
        this.fates = fates;
        this.postbox = postbox;
        in = new BufferedInputStream(connection.fromClient(), BUFFER_BYTES);
        toServer = connection.toServer();
        toClient = connection.toClient();
    }

    /// Returns when both sides have ended.
    void run() throws IOException, InterruptedException {
        Thread replies = Thread.ofVirtual().start(() -> {
            try {
                passReplies();
                connection.endOfReplies();
            } catch (IOException e) {
                connection.reset(); // one side broke: so does the other
            }
        });
        boolean open = true;
        while (open) {
            Optional<RequestHead> request = RequestHead.read(in);
            open = request.isPresent() && exchange(request.get());
        }
        connection.endOfRequests();
        replies.join();
    }

    /// @return whether more can follow
    private boolean exchange(RequestHead request) throws IOException {
        reply = ReplyFate.WHOLE;
        postbox.tick();
        Optional<Fault.OfRequests> fate = fates.of(request);
        if (fate.isEmpty()) {
            return forward(request);
        }
        return switch (fate.get()) {
            case Fault.Answer answer -> answer(request, answer);
            case Fault.TruncatedReply _ -> {
                reply = ReplyFate.TRUNCATED;
                yield forward(request);
            }
            case Fault.DroppedReply _ -> {
                reply = ReplyFate.DROPPED;
                yield forward(request);
            }
            case Fault.Duplicate duplicate -> twice(request, duplicate.laterMax());
            case Fault.Late late -> late(request, late.laterMax());
        };
    }

    private boolean forward(RequestHead request) throws IOException {
        toServer.write(request.raw());
        if (request.bodyBytes() < 0) {
            Tunnel.pass(in, toServer); // nobody knows where the next one begins
            return false;
        }
        body(request, toServer);
        return true;
    }

    private void body(RequestHead request, OutputStream to) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (long left = request.bodyBytes(); left > 0; ) {
            int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (read < 0) {
                throw new EOFException("request ends " + left + " bytes early");
            }
            to.write(buffer, 0, read);
            left -= read;
        }
    }

    private boolean answer(RequestHead request, Fault.Answer answer) throws IOException {
        boolean bodyComes = !request.expects() && request.bodyBytes() >= 0;
        if (bodyComes) {
            body(request, OutputStream.nullOutputStream());
        }
        String xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>%s</Code><Message>no</Message></Error>"
                .formatted(answer.code());
        String head = "HTTP/1.1 %d No\r\nContent-Type: application/xml\r\nContent-Length: %d\r\nConnection: %s\r\n\r\n"
                .formatted(answer.status(), xml.length(), bodyComes ? "keep-alive" : "close");
        toClient.write((request.method().equals("HEAD") ? head : head + xml).getBytes(US_ASCII));
        if (!bodyComes) {
            connection.endOfReplies();
        }
        return bodyComes;
    }

    private boolean twice(RequestHead request, int laterMax) throws IOException {
        if (!fits(request)) {
            return forward(request);
        }
        ByteArrayOutputStream copy = new ByteArrayOutputStream();
        copy.write(request.raw());
        toServer.write(request.raw());
        body(request, new Both(copy, toServer));
        postbox.keep(copy.toByteArray(), fates.draw(laterMax));
        return true;
    }

    private boolean late(RequestHead request, int laterMax) throws IOException {
        if (!fits(request)) {
            return forward(request);
        }
        if (request.expects()) {
            toClient.write(CONTINUE);
        }
        ByteArrayOutputStream copy = new ByteArrayOutputStream();
        copy.write(request.raw());
        body(request, copy);
        postbox.keep(copy.toByteArray(), fates.draw(laterMax));
        connection.reset();
        return false;
    }

    private static boolean fits(RequestHead request) {
        return request.bodyBytes() >= 0 && request.bodyBytes() + request.raw().length <= Postbox.REQUEST_BYTES_MAX;
    }

    private void passReplies() throws IOException {
        InputStream replies = connection.fromServer();
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int read = replies.read(buffer); read >= 0; read = replies.read(buffer)) {
            ReplyFate fate = isInterim(buffer, read) ? ReplyFate.WHOLE : reply;
            switch (fate) {
                case WHOLE -> toClient.write(buffer, 0, read);
                case TRUNCATED -> {
                    toClient.write(buffer, 0, read < 2 ? 0 : fates.draw(read - 1));
                    return;
                }
                case DROPPED -> throw new EOFException("reply is dropped");
            }
        }
    }

    /// Of an answer to `Expect`: the reply proper comes after it.
    private static boolean isInterim(byte[] buffer, int read) {
        return read > 9 && buffer[9] == '1' && buffer[0] == 'H';
    }

    private static final class Both extends OutputStream {
        private final OutputStream one;
        private final OutputStream other;

        private Both(OutputStream one, OutputStream other) {
            this.one = one;
            this.other = other;
        }

        @Override
        public void write(int b) throws IOException {
            one.write(b);
            other.write(b);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            one.write(source, offset, length);
            other.write(source, offset, length);
        }
    }
}
