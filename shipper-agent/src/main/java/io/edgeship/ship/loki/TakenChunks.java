package io.edgeship.ship.loki;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.loki.LokiChunkKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.zip.CRC32C;

/// The chunks in the chunk root that are not to be taken again; the package page has the form in which they are kept.
/// Some 30 bytes a chunk, and no more chunks than the root holds, for [#endLook] forgets the others. Not thread-safe.
final class TakenChunks {
    private static final byte[] MAGIC = "edgeship taken chunks 1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int ENTRY_BYTES = 2 * Long.BYTES;
    private static final int SLOTS_MIN = 1024;

    /// Two numbers a slot; both 0 where it is free.
    private long[] slots = new long[2 * SLOTS_MIN];

    private BitSet seen = new BitSet();
    private int size;
    private int changes;

    /// Reads what [#toBytes] wrote.
    static TakenChunks parse(String file, byte[] bytes) throws CorruptFormatException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        byte[] magic = new byte[Math.min(MAGIC.length, bytes.length)];
        in.get(magic);
        int entries = (in.remaining() - Integer.BYTES) / ENTRY_BYTES;
        if (!Arrays.equals(magic, MAGIC) || in.remaining() != entries * ENTRY_BYTES + Integer.BYTES) {
            throw new CorruptFormatException(file, 0, "is no list of chunks");
        }
        if (crc(bytes, bytes.length - Integer.BYTES) != in.getInt(bytes.length - Integer.BYTES)) {
            throw new CorruptFormatException(file, bytes.length - Integer.BYTES, "crc32c does not match");
        }
        TakenChunks taken = new TakenChunks();
        for (int i = 0; i < entries; i++) {
            taken.put(in.getLong(), in.getLong());
        }
        taken.changes = 0;
        return taken;
    }

    byte[] toBytes() {
        ByteBuffer out = ByteBuffer.allocate(MAGIC.length + size * ENTRY_BYTES + Integer.BYTES);
        out.put(MAGIC);
        for (int i = 0; i < slots.length; i += 2) {
            if (slots[i] != 0 || slots[i + 1] != 0) {
                out.putLong(slots[i]).putLong(slots[i + 1]);
            }
        }
        out.putInt(crc(out.array(), out.position()));
        return out.array();
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    int size() {
        return size;
    }

    /// How often it changed since [#isKept].
    int changes() {
        return changes;
    }

    /// It is on disk as it is now.
    void isKept() {
        changes = 0;
    }

    /// Takes note of a chunk; it counts as seen in this look.
    void add(LokiChunkKey chunk) {
        ByteBuffer hash = ChunkHashes.of(chunk);
        putSeen(hash.getLong(), hash.getLong(), true);
    }

    /// Whether the chunk is among them; it counts as seen in this look.
    boolean sees(LokiChunkKey chunk) {
        ByteBuffer hash = ChunkHashes.of(chunk);
        int slot = slotOf(hash.getLong(), hash.getLong());
        boolean taken = !isFree(slot);
        if (taken) {
            seen.set(slot / 2);
        }
        return taken;
    }

    /// The chunk may be taken again.
    void remove(LokiChunkKey chunk) {
        ByteBuffer hash = ChunkHashes.of(chunk);
        int slot = slotOf(hash.getLong(), hash.getLong());
        if (!isFree(slot)) {
            seen.set(0, slots.length / 2);
            seen.clear(slot / 2);
            keepSeen();
        }
    }

    void beginLook() {
        seen.clear();
    }

    /// After a look at every name in the root: what was not seen is gone.
    void endLook() {
        if (seen.cardinality() < size) {
            keepSeen();
        }
    }

    private void keepSeen() {
        long[] all = slots;
        BitSet kept = seen;
        int before = size;
        slots = new long[Math.max(2 * SLOTS_MIN, Integer.highestOneBit(Math.max(1, kept.cardinality())) * 8)];
        seen = new BitSet();
        size = 0;
        for (int slot = kept.nextSetBit(0); slot >= 0 && 2 * slot < all.length; slot = kept.nextSetBit(slot + 1)) {
            if (all[2 * slot] != 0 || all[2 * slot + 1] != 0) {
                putSeen(all[2 * slot], all[2 * slot + 1], true);
            }
        }
        changes += before == size ? 0 : 1;
    }

    private void putSeen(long first, long second, boolean isSeen) {
        int slot = put(first, second); // before `seen` is read: it may be another one afterwards
        seen.set(slot / 2, isSeen);
    }

    private int put(long first, long second) {
        if (2 * (size + 1) > slots.length / 2) {
            grow();
        }
        int slot = slotOf(first, second);
        if (isFree(slot)) {
            slots[slot] = first;
            slots[slot + 1] = second;
            size++;
            changes++;
        }
        return slot;
    }

    private void grow() {
        long[] all = slots;
        BitSet before = seen;
        slots = new long[2 * all.length];
        seen = new BitSet();
        size = 0;
        for (int i = 0; i < all.length; i += 2) {
            if (all[i] != 0 || all[i + 1] != 0) {
                putSeen(all[i], all[i + 1], before.get(i / 2));
            }
        }
    }

    private boolean isFree(int slot) {
        return slots[slot] == 0 && slots[slot + 1] == 0;
    }

    /// Where the entry is, or would be.
    private int slotOf(long first, long second) {
        int mask = slots.length / 2 - 1;
        int slot = (int) first & mask;
        while (!isFree(2 * slot) && (slots[2 * slot] != first || slots[2 * slot + 1] != second)) {
            slot = (slot + 1) & mask;
        }
        return 2 * slot;
    }
}
