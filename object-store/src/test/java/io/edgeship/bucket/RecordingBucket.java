package io.edgeship.bucket;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Keeps every call that reaches the bucket, in order, as `method key`. Thread-safe.
public final class RecordingBucket extends ForwardingBucket {
    private final List<String> calls = new CopyOnWriteArrayList<>();

    public RecordingBucket(Bucket inner) {
        super(inner);
    }

    /// The calls so far.
    public List<String> calls() {
        return List.copyOf(calls);
    }

    /// The keys of the calls of one method, in order.
    public List<String> keysOf(String method) {
        return calls.stream()
                .filter(call -> call.startsWith(method + " "))
                .map(call -> call.substring(method.length() + 1))
                .toList();
    }

    public void clear() {
        calls.clear();
    }

    @Override
    protected <T> T around(Call call, Work<T> work) throws BucketException {
        calls.add(call.toString());
        return work.on(inner());
    }
}
