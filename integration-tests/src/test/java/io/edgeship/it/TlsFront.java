package io.edgeship.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import javax.net.ssl.SSLContext;

/// Speaks TLS for a server on this machine that does not.
final class TlsFront implements AutoCloseable {
    private static final int BACKLOG = 16;

    private final ServerSocket listening;
    private final int behind;

    private TlsFront(ServerSocket listening, int behind) {
        this.listening = listening;
        this.behind = behind;
    }

    /// @param behind port of the server that speaks plain text
    static TlsFront start(SSLContext shown, int behind) throws IOException {
        ServerSocket listening =
                shown.getServerSocketFactory().createServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        TlsFront front = new TlsFront(listening, behind);
        Thread.ofVirtual().start(front::accept);
        return front;
    }

    int port() {
        return listening.getLocalPort();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket server = new Socket(InetAddress.getLoopbackAddress(), behind)) {
            Thread replies = Thread.ofVirtual().start(() -> pass(server, client));
            pass(client, server);
            replies.join();
        } catch (IOException ended) {
            // A handshake that failed, or one side has gone: the client sees it.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pass(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
            to.shutdownOutput();
        } catch (IOException ended) {
            // The other direction ends with it.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
