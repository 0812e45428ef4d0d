package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.bucket.BucketException;
import io.edgeship.queue.Item;
import io.edgeship.queue.transport.Outcome;
import io.edgeship.queue.transport.Transport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A transport whose centre answers what the test says; it sends nothing.
final class ScriptedTransport implements Transport {
    final Map<BlockId, Answer> answers = new HashMap<>();
    final List<BlockId> sent = new ArrayList<>();
    final List<BlockId> polled = new ArrayList<>();
    Optional<BucketException> failure = Optional.empty();
    private final Set<BlockId> awaited = new HashSet<>();

    @Override
    public Outcome ship(Item item) throws BucketException {
        if (failure.isPresent()) {
            throw failure.get();
        }
        sent.add(item.id());
        awaited.add(item.id());
        return new Outcome.Delivered(1);
    }

    @Override
    public boolean isAwaited(Item item) {
        return awaited.contains(item.id());
    }

    @Override
    public Answer poll(Item item) throws BucketException {
        if (failure.isPresent()) {
            throw failure.get();
        }
        polled.add(item.id());
        Answer answer = answers.getOrDefault(item.id(), new Answer.Waiting());
        if (answer instanceof Answer.Missing) {
            awaited.remove(item.id());
            answers.remove(item.id());
        }
        return answer;
    }
}
