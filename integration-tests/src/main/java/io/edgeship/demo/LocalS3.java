package io.edgeship.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An S3 server on loopback: S3Proxy over a directory, as a child process. It enforces signatures.
public final class LocalS3 implements AutoCloseable {
    /// System property that names S3Proxy's jar.
    public static final String JAR_PROPERTY = "edgeship.s3proxy.jar";

    public static final String ACCESS_KEY = "edgeship";
    public static final String SECRET_KEY = "edgeship-demo";

    private static final Duration START_LIMIT = Duration.ofSeconds(40);

    private final Child process;
    private final int port;

    private LocalS3(Child process, int port) {
        this.process = process;
        this.port = port;
    }

    /// Serves the buckets in `home/data`; makes those that are named.
    public static LocalS3 start(Path home, String... buckets) throws IOException, InterruptedException {
        Path jar = Optional.ofNullable(System.getProperty(JAR_PROPERTY))
                .map(Path::of)
                .filter(Files::exists)
                .orElseThrow(() -> new IOException("no S3Proxy: -D" + JAR_PROPERTY + " does not name its jar"));
        Path data = home.resolve("data");
        for (String bucket : buckets) {
            Files.createDirectories(data.resolve(bucket));
        }
        int port = LocalPrometheus.freePort();
        Path properties = Files.writeString(
                home.resolve("s3proxy.properties"), """
                s3proxy.endpoint=http://127.0.0.1:%d
                s3proxy.authorization=aws-v4
                s3proxy.identity=%s
                s3proxy.credential=%s
                jclouds.provider=filesystem-nio2
                jclouds.filesystem.basedir=%s
                """.formatted(port, ACCESS_KEY, SECRET_KEY, data));
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Child process = Child.start(
                "S3 server",
                home.resolve("s3proxy.log"),
                List.of(
                        java.toString(),
                        "-Xmx96m",
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        jar.toString(),
                        "--properties",
                        properties.toString()),
                Map.of());
        LocalS3 server = new LocalS3(process, port);
        process.await("the S3 server to listen", START_LIMIT, () -> listens(port));
        return server;
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false; // not yet: the caller polls
        }
    }

    /// An `objstore.yml` for a bucket of this server.
    public String objstoreYaml(String bucket) {
        return objstoreYaml(bucket, port);
    }

    /// As above, for what forwards `port` of the loopback address to this server.
    public String objstoreYaml(String bucket, int port) {
        return """
                type: S3
                config:
                  bucket: %s
                  endpoint: 127.0.0.1:%d
                  insecure: true
                  access_key: %s
                  secret_key: %s
                  bucket_lookup_type: path
                """.formatted(bucket, port, ACCESS_KEY, SECRET_KEY);
    }

    public int port() {
        return port;
    }

    public String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.close();
    }
}
