package io.edgeship.bucket.s3;

import io.edgeship.bucket.Link;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLSocketFactory;

/// TLS over sockets that the link sees: every byte that TLS puts on the wire is counted, handshakes and all, and a
/// thread that is stuck in a write can be freed. Closing a TLS socket cannot do that: it waits for the writer, in order
/// to say goodbye. Thread-safe.
final class WireSockets extends SSLSocketFactory {
    /// For a socket that was not made here (behind a proxy): closing it waits no longer than this for its writer.
    private static final int LINGER_SECONDS = 1;

    private final SSLSocketFactory tls;
    private final Link link;
    private final Map<Thread, Socket> writing = new ConcurrentHashMap<>();

    WireSockets(SSLSocketFactory tls, Link link) {
        this.tls = tls;
        this.link = link;
    }

    /// Closes the socket that `thread` is writing to, if any.
    void cut(Thread thread) {
        Socket socket = writing.get(thread);
        if (socket != null) {
            close(socket);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is of no more use either way
        }
    }

    /// A plain socket: the JDK connects it, then asks for TLS over it.
    @Override
    public Socket createSocket() {
        return new Wire();
    }

    @Override
    public Socket createSocket(Socket connected, String host, int port, boolean autoClose) throws IOException {
        if (!(connected instanceof Wire)) {
            connected.setSoLinger(true, LINGER_SECONDS);
        }
        return tls.createSocket(connected, host, port, autoClose);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return tls.createSocket(host, port);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return tls.createSocket(host, port, localHost, localPort);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return tls.createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
        return tls.createSocket(host, port, localHost, localPort);
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return tls.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return tls.getSupportedCipherSuites();
    }

    private final class Wire extends Socket {
        Wire() {
            super(Proxy.NO_PROXY);
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new Incoming(super.getInputStream());
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return new Outgoing(super.getOutputStream(), this);
        }
    }

    private final class Incoming extends FilterInputStream {
        Incoming(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            link.received(value < 0 ? 0 : 1);
            return value;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = super.read(target, offset, length);
            link.received(Math.max(read, 0));
            return read;
        }
    }

    private final class Outgoing extends FilterOutputStream {
        private final Socket socket;

        Outgoing(OutputStream out, Socket socket) {
            super(out);
            this.socket = socket;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            Thread self = Thread.currentThread();
            writing.put(self, socket);
            try {
                out.write(source, offset, length); // of a write that is cut nobody knows how much went
            } finally {
                writing.remove(self);
                link.sent(length);
            }
        }
    }
}
