package io.edgeship.ship.loki;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/// Counts changes to a disk and requests to a bucket, before and after each takes effect, and ends the "process" at
/// one.
final class Kills {
    private int count;
    private int killAt = Integer.MAX_VALUE;
    private boolean dead;

    /// An Error, which no code under test may catch.
    static final class Killed extends Error {
        private static final long serialVersionUID = 1;

        Killed(String where) {
            super(where);
        }
    }

    /// @param step from 1
    void killAt(int step) {
        count = 0;
        killAt = step;
        dead = false;
    }

    private void reach(String what) {
        count++;
        if (dead || count == killAt) {
            dead = true; // whatever a handler tries afterwards, a dead process does not do it
            throw new Killed("step " + count + ": " + what);
        }
    }

    <T> T on(Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (_, method, arguments) -> {
                    reach("before " + method.getName());
                    Object result;
                    try {
                        result = method.invoke(target, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    reach("after " + method.getName());
                    return result;
                }));
    }
}
