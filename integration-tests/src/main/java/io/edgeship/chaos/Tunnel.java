package io.edgeship.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// Passes on what comes, both ways, and looks at none of it.
final class Tunnel {
    private static final int BUFFER_BYTES = 16 << 10;

    private Tunnel() {}

    /// Returns when both sides have ended.
    static void run(Connection connection) throws IOException, InterruptedException {
        Thread replies = Thread.ofVirtual().start(() -> {
            try {
                pass(connection.fromServer(), connection.toClient());
                connection.endOfReplies();
            } catch (IOException e) {
                connection.reset(); // one side broke: so does the other
            }
        });
        pass(connection.fromClient(), connection.toServer());
        connection.endOfRequests();
        replies.join();
    }

    static void pass(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            out.write(buffer, 0, read);
        }
    }
}
