package io.edgeship.queue;

import io.edgeship.bucket.Bucket;
import io.edgeship.queue.journal.Disk;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/// Counts every change made to a disk and every request made to a bucket, before and after it takes effect, and can
/// end the world at one of them.
public final class Steps {
    /// Ends the "process": an Error, which no code under test may catch.
    public static final class Killed extends Error {
        private static final long serialVersionUID = 1;

        Killed(String where) {
            super(where);
        }
    }

    private int count;
    private int killAt = Integer.MAX_VALUE;
    private boolean dead;

    /// @param step from 1
    public void killAt(int step) {
        count = 0;
        killAt = step;
        dead = false;
    }

    public void killNever() {
        killAt(Integer.MAX_VALUE);
    }

    public int count() {
        return count;
    }

    void reach(String what) {
        count++;
        if (dead || count == killAt) {
            dead = true; // whatever a handler tries afterwards, a dead process does not do it
            throw new Killed("step " + count + ": " + what);
        }
    }

    public Disk on(Disk disk) {
        return wrap(Disk.class, disk);
    }

    public Bucket on(Bucket bucket) {
        return wrap(Bucket.class, bucket);
    }

    private <T> T wrap(Class<T> type, T target) {
        InvocationHandler handler = (_, method, arguments) -> {
            reach("before " + method.getName());
            Object result;
            try {
                result = method.invoke(target, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
            reach("after " + method.getName());
            return result;
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
