package io.edgeship.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/// A client's connection and the one to the server that belongs to it. What is read from the client and written to it
/// passes the link.
final class Connection implements AutoCloseable {
    private final Socket client;
    private final Socket server;
    private final Link link;
    private volatile boolean turned;

    Connection(Socket client, Socket server, Link link) {
        this.client = client;
        this.server = server;
        this.link = link;
    }

    /// What the client sends, as the link lets it through.
    InputStream fromClient() throws IOException {
        InputStream in = client.getInputStream();
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                int read;
                do {
                    read = in.read(target, offset, Math.min(length, link.allowance()));
                    turned = true;
                } while (read > 0 && !link.up(read));
                return read;
            }
        };
    }

    /// What the client gets, as the link lets it through. Only whole pieces are written.
    OutputStream toClient() throws IOException {
        OutputStream out = client.getOutputStream();
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] source, int offset, int length) throws IOException {
                if (turned) {
                    turned = false;
                    link.awaitRoundTrip();
                }
                if (link.down(length)) {
                    out.write(source, offset, length);
                }
            }
        };
    }

    InputStream fromServer() throws IOException {
        return server.getInputStream();
    }

    OutputStream toServer() throws IOException {
        return server.getOutputStream();
    }

    void endOfRequests() throws IOException {
        server.shutdownOutput();
    }

    /// The client sees an orderly end after all that it was sent.
    void endOfReplies() throws IOException {
        client.shutdownOutput();
    }

    /// Both sides see a connection that broke, and what was in buffers is gone.
    void reset() {
        for (Socket socket : new Socket[] {client, server}) {
            try {
                socket.setSoLinger(true, 0);
                socket.close();
            } catch (IOException e) {
                // closed already: that is all it was to be
            }
        }
    }

    @Override
    public void close() throws IOException {
        try (client) {
            server.close();
        }
    }
}
