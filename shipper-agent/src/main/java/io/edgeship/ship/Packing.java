package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.block.pack.PackLimits;
import io.edgeship.queue.Incoming;
import io.edgeship.queue.Item;
import io.edgeship.queue.Place;
import io.edgeship.queue.Spool;
import io.edgeship.queue.transport.inbox.InboxTransport;
import io.edgeship.runtime.log.Log;
import io.edgeship.ship.pack.BadPackException;
import io.edgeship.ship.pack.PackConfig;
import io.edgeship.ship.pack.PackMeter;
import io.edgeship.ship.pack.Packer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// Gives sealed blocks their packs, in the order in which they are to be shipped, and their files back where a pack is
/// not wanted. What cannot be packed goes as its files. Used by the scanning thread, but for [#holds].
final class Packing {
    private static final Log LOG = Log.of(Packing.class);

    private final Spool spool;
    private final Losses losses;
    private final Supplier<Optional<BlockId>> sending;
    private final Bench bench;
    private final Set<BlockId> unpackable = ConcurrentHashMap.newKeySet();
    private final Retries unpacking = new Retries();
    private volatile Tools tools = new Tools(PackConfig.NONE, ShippingOrder.OLDEST_FIRST, Packer.HERE, new PackMeter());

    /// What it works with.
    record Tools(PackConfig config, ShippingOrder order, Packer packer, PackMeter meter) {}

    /// @param sending what is on its way
    Packing(Spool spool, Losses losses, Supplier<Optional<BlockId>> sending) {
        this.spool = spool;
        this.losses = losses;
        this.sending = sending;
        bench = new Bench(spool, "pack");
    }

    void with(Tools ours) {
        tools = ours;
    }

    /// Whether the item must not be sent before something was done about its pack. May be called by any thread.
    boolean holds(Item item) throws IOException {
        return step(item).isFirst();
    }

    private PackStep step(Item item) throws IOException {
        boolean hasPack = item.pack().isPresent();
        PackStep.Found found = new PackStep.Found(
                hasPack,
                item.hasFiles(),
                WaitingBlocks.isBegun(item),
                hasPack && InboxTransport.goesAsFiles(item),
                !unpackable.contains(item.id()));
        return PackStep.of(found, tools.config());
    }

    /// Does what is due, until there is nothing more or another block waits to be sealed.
    ///
    /// @return items that are held for it, with the reason; they are tried again
    List<String> run() throws IOException {
        List<Item> items = new ArrayList<>(spool.ready());
        Collection<BlockId> ids = items.stream().map(Item::id).toList();
        unpackable.retainAll(ids);
        unpacking.retain(ids);
        items.sort((one, other) -> tools.order().comparator().compare(key(one), key(other)));
        Set<BlockId> waiting = new HashSet<>(incoming());
        List<String> failed = new ArrayList<>();
        for (Item item : items) {
            if (step(item) == PackStep.NOTHING) {
                continue;
            }
            if (Thread.currentThread().isInterrupted() || !waiting.containsAll(incoming())) {
                break;
            }
            try {
                work(item);
            } catch (IOException e) {
                LOG.error("block could not get its files back, trying again later", e, "block", item.id());
                failed.add("%s could not be unpacked: %s".formatted(item.id(), e.getMessage()));
            }
        }
        return failed;
    }

    private static ShippingOrder.Key key(Item item) {
        return new ShippingOrder.Key(item.range(), item.id());
    }

    private List<BlockId> incoming() throws IOException {
        return spool.incoming().stream().map(Incoming::id).toList();
    }

    private void work(Item item) throws IOException {
        PackStep step;
        synchronized (spool) { // from here on nobody begins to send what is held
            boolean isOurs = spool.find(item.id()).equals(Optional.of(Place.READY))
                    && !sending.get().equals(Optional.of(item.id()));
            step = isOurs ? step(item) : PackStep.NOTHING;
            switch (step) {
                case DROP_PACK -> spool.packs().drop(item.id());
                case DROP_FILES -> spool.packs().dropFiles(item.id());
                case NOTHING, PACK, UNPACK -> {}
            }
        }
        try {
            switch (step) {
                case PACK -> pack(item);
                case UNPACK -> unpack(item);
                case NOTHING, DROP_PACK, DROP_FILES -> {}
            }
        } finally {
            bench.leave();
        }
    }

    /// Whatever is wrong, the block's files can be sent.
    private void pack(Item item) {
        try {
            List<Item.DataFile> files = item.dataFiles();
            long indexBytes = files.getLast().sizeBytes();
            if (indexBytes > PackLimits.SHIPPED_INDEX_BYTES_MAX) {
                throw new IOException("its index has %d bytes, the centre unpacks %d"
                        .formatted(indexBytes, PackLimits.SHIPPED_INDEX_BYTES_MAX));
            }
            Path pack = bench.cleared().resolve(item.id() + ".pack");
            tools.packer().pack(item.dir(), pack);
            synchronized (spool) {
                spool.packs().add(item.id(), pack);
                if (tools.config().onlyPacks()) {
                    spool.packs().dropFiles(item.id());
                }
            }
            tools.meter().packed(item.sizeBytes(), item.bytesToSend());
            LOG.info("block packed", "block", item.id(), "bytes", item.sizeBytes(), "packed", item.bytesToSend());
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                LOG.info("agent is stopping, the next start packs the block", "block", item.id());
                return;
            }
            unpackable.add(item.id());
            tools.meter().failed();
            LOG.warn("block could not be packed, it is sent as its files", e, "block", item.id());
        }
    }

    private void unpack(Item item) throws IOException {
        if (!unpacking.mayTry(item.id())) {
            throw new IOException("tried again after a while");
        }
        Path block = bench.cleared().resolve(item.id().toString());
        try {
            LOG.info("block is unpacked", "block", item.id());
            tools.packer().unpack(item.pack().orElseThrow().path(), block);
            synchronized (spool) {
                spool.packs().restoreFiles(item.id(), block);
                spool.packs().drop(item.id());
            }
        } catch (BadPackException e) {
            LOG.error("pack cannot be unpacked, block set aside", e, "block", item.id());
            String why = "its files were packed, and the pack is damaged: " + e.getMessage();
            spool.quarantine(item.id(), losses.of(item.id(), item.meta(), Loss.Reason.REASON_CORRUPT, why));
        } catch (IOException e) {
            unpacking.failed(item.id());
            throw e;
        }
    }
}
