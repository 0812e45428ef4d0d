package io.edgeship.ship;

import io.edgeship.queue.journal.Disk;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/// A disk of a test that learns of each call before it is made, and may let it fail.
final class WatchedDisk {
    private WatchedDisk() {}

    /// Sees one call.
    @FunctionalInterface
    interface Watcher {
        /// @param method    the name of one of [Disk]'s methods
        /// @param arguments of that method
        /// @throws IOException instead of the call
        void before(String method, Object[] arguments) throws IOException;
    }

    /// The system's disk, watched.
    static Disk by(Watcher watcher) {
        return (Disk) Proxy.newProxyInstance(
                Disk.class.getClassLoader(), new Class<?>[] {Disk.class}, (_, method, arguments) -> {
                    watcher.before(method.getName(), arguments);
                    try {
                        return method.invoke(Disk.system(), arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
