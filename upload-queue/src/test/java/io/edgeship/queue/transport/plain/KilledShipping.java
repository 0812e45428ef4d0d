package io.edgeship.queue.transport.plain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.file.FileBucket;
import io.edgeship.queue.Item;
import io.edgeship.queue.Spool;
import io.edgeship.queue.link.PieceSizing;
import io.edgeship.queue.transport.Outcome;
import io.edgeship.queue.transport.UploadProgress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;

/// A process that ships what a spool has ready and writes a line before it sends a part and after the part is in the
/// ledger. Made to be killed.
final class KilledShipping {
    private KilledShipping() {}

    /// @param args spool, bucket directory, log file
    public static void main(String[] args) throws IOException {
        Path log = Path.of(args[2]);
        try (Bucket bucket = FileBucket.open(Path.of(args[1]), "");
                Spool spool = Spool.open(Path.of(args[0]))) {
            UploadProgress progress = (_, _, _) -> line(log, "ack");
            PieceSizing sizing = new PieceSizing(5 << 20, 8 << 20, () -> 0);
            PlainTransport transport =
                    new PlainTransport(logged(bucket, log), PlainConfig.DEFAULT, sizing, () -> 0, progress);
            for (Item item : spool.ready()) {
                Outcome outcome = transport.ship(item);
                if (outcome instanceof Outcome.Quarantine) {
                    throw new IllegalStateException(outcome.toString());
                }
                spool.shipped(item, bucket.clock().now().orElseThrow());
            }
        }
    }

    private static Bucket logged(Bucket bucket, Path log) {
        return (Bucket) Proxy.newProxyInstance(
                Bucket.class.getClassLoader(), new Class<?>[] {Bucket.class}, (_, method, arguments) -> {
                    if (method.getName().equals("uploadPart")) {
                        line(log, "send " + arguments[2]);
                    }
                    try {
                        return method.invoke(bucket, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static void line(Path log, String line) {
        try {
            Files.write(log, (line + "\n").getBytes(UTF_8), CREATE, APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
