package io.edgeship.queue.transport.inbox;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.ByteSink;
import io.edgeship.block.encoding.ByteSource;
import io.edgeship.block.message.PieceName;
import io.edgeship.block.message.TransportMessages;
import io.edgeship.block.message.v1.Manifest;
import io.edgeship.block.message.v1.Receipt;
import io.edgeship.block.pack.BlockUnpacker;
import io.edgeship.block.pack.PackLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A centre that does as the messages' page says and no more: it assembles whatever manifest lies there unless its
/// receipt answers that very attempt and was written after it.
public final class FakeCentre {
    public final Map<BlockId, byte[]> accepted = new HashMap<>();
    public final List<BlockId> acceptances = new ArrayList<>();

    /// Of these it takes no pack.
    public final Set<BlockId> rejectsPacks = new HashSet<>();

    private final InboxStore store;

    public FakeCentre(InboxStore store) {
        this.store = store;
    }

    public void cycle(BlockId id) throws IOException {
        String folder = InboxStore.INBOX + id + ".item/";
        byte[] bytes = store.objects.get(folder + "manifest.pb");
        if (bytes == null) {
            return;
        }
        Manifest manifest = TransportMessages.manifest("manifest.pb", bytes);
        if (isAnswered(id, manifest)) {
            return;
        }
        store.now = store.now.plusSeconds(1);
        byte[] there = accepted.get(id);
        if (there != null) { // pieces may be gone already
            accept(id, folder, manifest, there);
            return;
        }
        List<PieceName> missing = new ArrayList<>();
        byte[] stream = assemble(folder, manifest, missing);
        boolean isPack = manifest.getCodec() == Manifest.Codec.CODEC_PACK;
        if (missing.isEmpty() && isPack && rejectsPacks.contains(id)) {
            answer(
                    id,
                    of(manifest, Receipt.Verdict.VERDICT_REJECTED)
                            .setDetail("pack")
                            .build());
            store.objects.keySet().removeIf(key -> key.startsWith(folder));
        } else if (missing.isEmpty()) {
            accept(id, folder, manifest, isPack ? unpacked(manifest, stream) : stream);
        } else {
            answer(id, missing(manifest, missing));
        }
    }

    private boolean isAnswered(BlockId id, Manifest manifest) throws IOException {
        Receipt before = receipt(id);
        return before != null
                && before.getAttempt() == manifest.getAttempt()
                && storedAt(InboxStore.RECEIPTS + id + ".pb") > storedAt(InboxStore.INBOX + id + ".item/manifest.pb");
    }

    private int storedAt(String key) {
        return store.storedAt.getOrDefault(key, 0);
    }

    private byte[] assemble(String folder, Manifest manifest, List<PieceName> missing) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        long offset = 0;
        for (int i = 0; i < manifest.getPieceLengthsCount(); i++) {
            PieceName piece = new PieceName(offset, manifest.getPieceLengths(i), manifest.getPieceCrc32C(i));
            byte[] bytes = store.objects.get(folder + piece);
            if (bytes == null || !PieceName.of(offset, bytes, bytes.length).equals(piece)) {
                missing.add(piece);
            } else {
                stream.writeBytes(bytes);
            }
            offset += piece.length();
        }
        return stream.toByteArray();
    }

    /// The files of a pack, one after the other as the manifest has them.
    private static byte[] unpacked(Manifest manifest, byte[] pack) throws IOException {
        Map<String, ByteArrayOutputStream> files = new HashMap<>();
        ByteSource source = new ByteSource() {
            @Override
            public String name() {
                return "pack";
            }

            @Override
            public long size() {
                return pack.length;
            }

            @Override
            public void read(long offset, byte[] target, int at, int length) {
                System.arraycopy(pack, Math.toIntExact(offset), target, at, length);
            }

            @Override
            public void close() {}
        };
        BlockUnpacker.unpack(source, PackLimits.DEFAULT, path -> {
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            files.put(path, file);
            return sink(path, file);
        });
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (Manifest.File file : manifest.getFilesList()) {
            stream.writeBytes(files.getOrDefault(file.getPath(), new ByteArrayOutputStream())
                    .toByteArray());
        }
        byte[] meta = manifest.getMetaJson().toByteArray();
        byte[] whole = stream.toByteArray();
        if (!Arrays.equals(meta, Arrays.copyOfRange(whole, whole.length - meta.length, whole.length))) {
            throw new AssertionError("the pack has another meta.json than its manifest");
        }
        return whole;
    }

    private static ByteSink sink(String path, ByteArrayOutputStream file) {
        return new ByteSink() {
            @Override
            public String name() {
                return path;
            }

            @Override
            public void write(byte[] bytes, int at, int length) {
                file.write(bytes, at, length);
            }

            @Override
            public void finish() {}

            @Override
            public void close() {}
        };
    }

    private void accept(BlockId id, String folder, Manifest manifest, byte[] stream) {
        requireDigests(manifest, stream);
        if (accepted.put(id, stream) == null) {
            acceptances.add(id);
        }
        answer(id, of(manifest, Receipt.Verdict.VERDICT_ACCEPTED).build());
        store.objects.keySet().removeIf(key -> key.startsWith(folder));
    }

    private static void requireDigests(Manifest manifest, byte[] stream) {
        int offset = 0;
        for (Manifest.File file : manifest.getFilesList()) {
            int end = offset + (int) file.getSizeBytes();
            if (!Arrays.equals(
                    sha256(Arrays.copyOfRange(stream, offset, end)),
                    file.getSha256().toByteArray())) {
                throw new AssertionError(file.getPath() + " is not what the manifest says");
            }
            offset = end;
        }
        if (offset != stream.length) {
            throw new AssertionError("%d bytes of files in a stream of %d".formatted(offset, stream.length));
        }
    }

    Receipt.Builder of(Manifest manifest, Receipt.Verdict verdict) {
        return Receipt.newBuilder()
                .setVersion(1)
                .setUlid(manifest.getUlid())
                .setAttempt(manifest.getAttempt())
                .setVerdict(verdict)
                .setDecidedAtMs(store.now.toEpochMilli());
    }

    private Receipt missing(Manifest manifest, List<PieceName> pieces) {
        Receipt.Builder receipt = of(manifest, Receipt.Verdict.VERDICT_MISSING);
        for (PieceName piece : pieces) {
            receipt.addMissing(piece(piece));
        }
        return receipt.build();
    }

    static Receipt.Piece piece(PieceName piece) {
        return Receipt.Piece.newBuilder()
                .setOffset(piece.offset())
                .setLength(piece.length())
                .setCrc32C(piece.crc32c())
                .build();
    }

    Manifest manifest(BlockId id) throws IOException {
        byte[] bytes = store.objects.get(InboxStore.INBOX + id + ".item/manifest.pb");
        if (bytes == null) {
            throw new AssertionError("no manifest of " + id);
        }
        return TransportMessages.manifest("manifest.pb", bytes);
    }

    void answer(BlockId id, Receipt receipt) {
        store.store(InboxStore.RECEIPTS + id + ".pb", receipt.toByteArray());
    }

    private @Nullable Receipt receipt(BlockId id) throws IOException {
        byte[] bytes = store.objects.get(InboxStore.RECEIPTS + id + ".pb");
        return bytes == null ? null : TransportMessages.receipt("receipt", bytes);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
