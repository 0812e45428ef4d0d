package io.edgeship.queue;

import io.edgeship.queue.journal.Disk;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// A disk that has no room for a few calls, and then has again. Half of what was to be written is.
final class FullDisk {
    private final Disk real;
    private int calls;
    private int fullFrom = Integer.MAX_VALUE;
    private int fullUntil;

    FullDisk(Disk real) {
        this.real = real;
    }

    /// Counts calls anew.
    ///
    /// @param from the first that finds no room, counted from 1
    void fullFrom(int from, int callCount) {
        calls = 0;
        fullFrom = from;
        fullUntil = from + callCount;
    }

    int calls() {
        return calls;
    }

    Disk disk() {
        return (Disk) Proxy.newProxyInstance(
                Disk.class.getClassLoader(), new Class<?>[] {Disk.class}, (_, method, arguments) -> {
                    calls++;
                    if (calls >= fullFrom && calls < fullUntil) {
                        begin(method.getName(), arguments);
                        throw new FileSystemException(arguments[0].toString(), null, "No space left on device");
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private void begin(String method, Object[] arguments) throws IOException {
        switch (method) {
            case "write" -> real.write((Path) arguments[0], half((byte[]) arguments[1]));
            case "append" -> real.append((Path) arguments[0], (long) arguments[1], half((byte[]) arguments[2]));
            case "copy" -> beginCopy((Path) arguments[0], (Path) arguments[1]);
            default -> {}
        }
    }

    /// What is there already stays: it may be another name of `from`.
    private void beginCopy(Path from, Path to) throws IOException {
        if (!Files.exists(to)) {
            real.write(to, half(Files.readAllBytes(from)));
        }
    }

    private static byte[] half(byte[] content) {
        return Arrays.copyOf(content, content.length / 2);
    }
}
