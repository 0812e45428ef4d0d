package io.edgeship.bucket.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class EndpointProbeTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    @Test
    void aListenerIsReachedWithoutABeingSentAByte() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertThat(of("127.0.0.1:" + server.getLocalPort()).reaches(LONG)).isTrue();

            try (Socket seen = server.accept()) {
                assertThat(seen.getInputStream().read()).as("the end").isNegative();
            }
        }
    }

    @Test
    void whereNobodyListensNothingIsReachedUntilSomebodyDoes() throws Exception {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
        }
        EndpointProbe probe = of("127.0.0.1:" + port);
        assertThat(probe.reaches(LONG)).isFalse();

        try (ServerSocket back = new ServerSocket(port, 5, InetAddress.getLoopbackAddress())) {
            assertThat(probe.reaches(LONG)).as("port %d", back.getLocalPort()).isTrue();
        }
    }

    @Test
    void aNameThatIsNotKnownIsNotReached() throws Exception {
        assertThat(of("nowhere.invalid").reaches(LONG)).isFalse();
    }

    @Test
    void aThreadThatIsInterruptedDoesNotWait() throws Exception {
        Thread.currentThread().interrupt();

        assertThat(of("127.0.0.1:1").reaches(LONG)).isFalse();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aDirectoryHasNoLink() {
        assertThat(EndpointProbe.of(new ObjstoreConfig.Filesystem(Path.of("/data"), "")))
                .isEmpty();
    }

    private static EndpointProbe of(String endpoint) throws Exception {
        return EndpointProbe.of(ObjstoreConfig.parse(
                        "objstore.yml",
                        "type: S3\nconfig: {bucket: b, endpoint: \"%s\", insecure: true}".formatted(endpoint)))
                .orElseThrow(() -> new IOException("no probe"));
    }
}
