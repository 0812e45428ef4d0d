package io.edgeship.queue;

import io.edgeship.block.BlockId;
import io.edgeship.block.json.JsonObject;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.queue.journal.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The ways out of the spool. Each writes what it is about to do before it does it, so that [Recovery]
/// can finish it: an order (`drop.pb`, `replaces.json`) or a record (`shipped/`) is the commit point, and what
/// follows may be repeated.
final class Departures {
    /// Where items have their bytes.
    static final List<Place> WITH_BYTES = List.of(Place.INCOMING, Place.READY, Place.QUARANTINE);

    private static final List<Place> TO_BE_SHIPPED = List.of(Place.INCOMING, Place.READY);

    private final SpoolLayout layout;
    private final DurableFiles files;
    private final Items items;
    private final Losses losses;
    private final ShippedRecords shippedRecords;
    private final Set<BlockId> unfinished = new LinkedHashSet<>();

    Departures(SpoolLayout layout, DurableFiles files, Items items, Losses losses, ShippedRecords shippedRecords) {
        this.layout = layout;
        this.files = files;
        this.items = items;
        this.losses = losses;
        this.shippedRecords = shippedRecords;
    }

    Optional<Place> find(BlockId id) {
        if (Files.exists(layout.shippedRecord(id))) {
            return Optional.of(Place.SHIPPED); // also while the bytes are still being removed
        }
        return WITH_BYTES.stream()
                .filter(place -> Files.isDirectory(layout.item(place, id)))
                .findFirst();
    }

    ShippedRecord shipped(BlockId id, Instant at) throws IOException {
        Path file = layout.shippedRecord(id);
        if (!Files.exists(file)) {
            ItemRecord record = items.read(Place.READY, id);
            Item item = record.item(layout.item(Place.READY, id));
            // Commit point: the record. The bytes go after it, so that a cut never leaves neither (I2).
            shippedRecords.put(
                    switch (item.kind()) {
                        case BLOCK -> ShippedRecord.of(item, record.origins(), item.meta(), at);
                        case LOGS -> ShippedRecord.ofSegment(item, at);
                    });
        }
        remove(Place.READY, id);
        return ShippedRecord.read(file);
    }

    void quarantine(BlockId id, Loss loss) throws IOException {
        Losses.require(id, loss);
        finishOrders(); // while the item is where they are looked for
        Place from = require(id, TO_BE_SHIPPED);
        Path dir = layout.item(from, id);
        files.replace(dir, SpoolLayout.LOSS, loss.toByteArray());
        files.move(dir, layout.item(Place.QUARANTINE, id)); // commit point; the reason travels inside
        items.forget(from, id);
        losses.record(loss);
    }

    void retry(BlockId id) throws IOException {
        require(id, List.of(Place.QUARANTINE));
        ItemRecord record = items.read(Place.QUARANTINE, id);
        Place to = record.seal().isPresent() ? Place.READY : Place.INCOMING;
        files.move(layout.item(Place.QUARANTINE, id), layout.item(to, id)); // commit point
        items.forget(Place.QUARANTINE, id);
        finishRetry(to, id);
    }

    /// An item outside quarantine is not lost, whatever an interrupted step left inside it.
    void finishRetry(Place place, BlockId id) throws IOException {
        losses.forget(id); // before the file that says so: a cut between them is found again
        files.delete(layout.item(place, id).resolve(SpoolLayout.LOSS));
    }

    void drop(BlockId id, Loss loss) throws IOException {
        Losses.require(id, loss);
        finishOrders(); // else the parents would be back without it
        Place place = require(id, WITH_BYTES);
        files.replace(layout.item(place, id), SpoolLayout.DROP, loss.toByteArray()); // commit point
        finishDrop(place, id);
    }

    void finishDrop(Place place, BlockId id) throws IOException {
        losses.record(Losses.read(layout.item(place, id).resolve(SpoolLayout.DROP)));
        remove(place, id); // after the record: nothing is lost silently (I3)
    }

    void replaceParents(BlockId merged, Collection<BlockId> parents) throws IOException {
        Place place = require(merged, TO_BE_SHIPPED);
        List<String> others = SpoolJson.texts(
                parents.stream().filter(parent -> !parent.equals(merged)).toList());
        if (!others.isEmpty()) {
            expectOrder(merged); // the file may be there though writing it fails
            // Commit point. The merged block is durable in the spool before, so every sample keeps a home.
            files.replace(layout.item(place, merged), SpoolLayout.REPLACES, order(others));
            finishReplace(place, merged);
        }
    }

    /// What `replaces.json` says.
    static byte[] order(List<String> parents) {
        return JsonObject.empty().with("parents", parents).toIndentedBytes();
    }

    void finishReplace(Place place, BlockId merged) throws IOException {
        expectOrder(merged);
        Path order = layout.item(place, merged).resolve(SpoolLayout.REPLACES);
        Path thins = order.resolveSibling(SpoolLayout.THINS);
        if (Files.exists(thins)) {
            losses.record(Losses.read(thins)); // before the samples go (I3)
        }
        for (BlockId parent : SpoolJson.blocks(SpoolJson.read(order), "parents")) {
            remove(Place.READY, parent);
            remove(Place.INCOMING, parent);
        }
        if (Files.exists(thins)) {
            files.delete(thins);
        }
        files.delete(order);
        unfinished.remove(merged);
    }

    /// An item that brings an order along is about to appear.
    void expectOrder(BlockId id) {
        unfinished.add(id);
    }

    /// Goes on with what a disk without room interrupted: else a block would be shipped beside its parents.
    void finishOrders() throws IOException {
        for (BlockId id : List.copyOf(unfinished)) {
            for (Place place : TO_BE_SHIPPED) {
                if (Files.exists(layout.item(place, id).resolve(SpoolLayout.REPLACES))) {
                    finishReplace(place, id);
                }
            }
            unfinished.remove(id);
        }
    }

    /// Where an item waits.
    Place waiting(BlockId id) throws NoSuchFileException {
        return require(id, TO_BE_SHIPPED);
    }

    Place withBytes(BlockId id) throws NoSuchFileException {
        return require(id, WITH_BYTES);
    }

    void remove(Place place, BlockId id) throws IOException {
        Path dir = layout.item(place, id);
        if (Files.isDirectory(dir)) {
            files.deleteTree(dir);
        }
        items.forget(place, id);
    }

    private Place require(BlockId id, List<Place> places) throws NoSuchFileException {
        return places.stream()
                .filter(place -> Files.isDirectory(layout.item(place, id)))
                .findFirst()
                .orElseThrow(() -> new NoSuchFileException(
                        layout.root().toString(), id.toString(), "holds no such item in " + names(places)));
    }

    private static String names(List<Place> places) {
        return String.join(", ", places.stream().map(Place::directory).toList());
    }
}
