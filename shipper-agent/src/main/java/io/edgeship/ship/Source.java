package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.queue.Item;
import io.edgeship.queue.Spool;
import io.edgeship.queue.quota.SpoolLimits;
import io.edgeship.queue.quota.SpoolUse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A directory that somebody writes finished files into, and the spool where they wait. One thread scans it, one ships
/// what is ready; what changes with what the spool holds is done under the spool's monitor.
public interface Source extends AutoCloseable {
    /// The directory.
    Path path();

    /// Sources of a higher one are shipped first.
    int priority();

    Spool spool();

    /// Takes what is new, and seals what can be sealed. Called by one thread.
    ///
    /// @return what the disk would not give, with the reason; it is tried again
    List<String> scan() throws IOException;

    /// What is wrong with the look of the directory, for people; empty if nothing is.
    Optional<String> strange();

    /// Items that can be neither shipped nor forgotten, with the reason.
    default Map<BlockId, String> held() {
        return Map.of();
    }

    /// Items that wait for what is still to come, with the reason.
    default Map<BlockId, String> waiting() {
        return Map.of();
    }

    /// Why nothing is taken from or shipped for this source, if so.
    Optional<String> stopped();

    /// The item whose bytes are on the way. May be called by any thread.
    Optional<BlockId> sending();

    /// Says which item is being sent, so that a scan does not take it away.
    void sending(Optional<BlockId> id);

    /// Whether the item is being written anew, so that it must not be begun to be sent.
    default boolean isWrittenAnew(BlockId id) {
        return false;
    }

    /// Why a ready item must not be sent; empty if it may.
    default Optional<String> barred(Item item) throws IOException {
        return Optional.empty();
    }

    /// Whether something is to be done about the item's pack before it may be sent. Not every source packs.
    default boolean isForThePacker(Item item) throws IOException {
        return false;
    }

    /// The item's pack is no good: its files are sent, as soon as they are here.
    default void letGoOfPack(Item item) throws IOException {
        throw new IllegalStateException(item.id() + " has no pack");
    }

    /// The record of a loss of one of its items (I3).
    Loss lossOf(Item item, Loss.Reason why, String detail) throws IOException;

    /// Why the spool has no room for more, if so.
    Optional<String> full();

    /// What the spool costs its disk, after the last scan.
    SpoolUse spoolUse();

    SpoolLimits spoolLimits();

    /// Items that had to make room since the agent began.
    long evictedItems();

    /// Raw items that were replaced by their 5-minute block since the agent began.
    default long thinnedItems() {
        return 0;
    }

    /// What its users asked it to delete, in the form in which the centre is told; empty where that is nothing.
    default Optional<byte[]> deleteRequestsForTheCentre() {
        return Optional.empty();
    }

    /// What people should know besides, in words.
    default List<String> remarks() {
        return List.of();
    }

    /// How many items in the spool are of the future, by the store's clock.
    default int futureBlocks() throws IOException {
        return 0;
    }

    /// Lets go of the source: what it may delete is told, where it waits for that.
    default void release() throws IOException {}

    @Override
    void close() throws IOException;
}
