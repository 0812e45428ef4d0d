package io.edgeship.ship;

import io.edgeship.queue.Item;
import java.util.List;

/// Writes down what the ship loop tells, a line each.
record HeardEvents(List<String> lines) implements ShipEvents {
    @Override
    public void shipped(Item item, long bytesSent, boolean alreadyThere) {
        lines.add((alreadyThere ? "already there " : "shipped ") + item.id());
    }

    @Override
    public void delivered(Item item, long bytesSent) {
        lines.add("delivered " + item.id());
    }

    @Override
    public void packRejected(Item item, String reason) {
        lines.add("pack rejected " + item.id());
    }

    @Override
    public void failed(Item item, Exception cause) {
        lines.add("failed " + item.id());
    }

    @Override
    public void quarantined(Item item, String reason) {
        lines.add("quarantined " + item.id());
    }
}
