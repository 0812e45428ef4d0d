package io.edgeship.it;

import io.edgeship.block.BlockId;
import io.edgeship.queue.journal.Disk;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;

/// The disk under one life of an agent, which is killed before and after any change to it, and finds no room at times.
/// A dead process changes nothing, whatever its handlers try.
final class MeddlingDisk {
    private static final int ONE_IN = 400;

    private final Disk inner;
    private final Random random;
    private final ScenarioSite.Linked linked;
    private boolean dead;

    private MeddlingDisk(Disk inner, Random random, ScenarioSite.Linked linked) {
        this.inner = inner;
        this.random = random;
        this.linked = linked;
    }

    static Disk on(Disk inner, Random random, ScenarioSite.Linked linked) {
        MeddlingDisk disk = new MeddlingDisk(inner, random, linked);
        return (Disk) Proxy.newProxyInstance(
                Disk.class.getClassLoader(),
                new Class<?>[] {Disk.class},
                (_, method, arguments) -> disk.call(method, arguments));
    }

    private Object call(Method method, Object[] arguments) throws Throwable {
        mayDie();
        if (random.nextInt(ONE_IN) == 0) {
            throw new IOException("No space left on device");
        }
        if (method.getName().equals("link") && arguments[1] instanceof Path file) {
            Optional<BlockId> block = BlockId.tryParse(String.valueOf(file.getName(file.getNameCount() - 2)));
            if (block.isPresent()) {
                linked.block(block.get());
            }
        }
        Object result;
        try {
            result = method.invoke(inner, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
        mayDie();
        return result;
    }

    private void mayDie() {
        dead |= random.nextInt(2 * ONE_IN) == 0;
        if (dead) {
            throw new MeddlingBucket.Killed();
        }
    }
}
