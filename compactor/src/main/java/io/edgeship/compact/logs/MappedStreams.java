package io.edgeship.compact.logs;

import io.edgeship.block.LabelSet;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.loki.LokiChunk;
import io.edgeship.block.loki.LokiChunkHeader;
import io.edgeship.block.loki.LokiChunkKey;
import io.edgeship.block.loki.LokiChunkReader;
import io.edgeship.block.loki.LokiChunkRewriter;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ListPage;
import io.edgeship.bucket.ObjectInfo;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Streams whose fingerprint is not the hash of their labels. Where two streams of a tenant have one hash, an ingester
/// gives the later one the next number from 1 on, and begins anew after a restart: so one number may be two streams'.
/// A Loki that reads groups chunks by this number alone and takes the labels of the first for all of them: lines of the
/// others would get wrong labels, or not be found. Such a chunk can be read, by its very number, as long as no
/// other stream of the tenant has it. Reads only. Not thread-safe.
final class MappedStreams {
    /// What ingesters keep free for this: up to here no hash is used either.
    static final long NUMBER_MAX = 1 << 20;

    private static final String NAME = "__name__";

    /// Of one number: whoever comes here is let in only if all before are of one stream, so the first would do.
    private static final int COMPARED_MAX = 16;

    private final Bucket bucket;

    MappedStreams(Bucket bucket) {
        this.bucket = bucket;
    }

    static boolean isMapped(LokiChunkHeader chunk) {
        return chunk.fingerprint() != LokiChunkRewriter.fingerprint(chunk.labels());
    }

    /// Whether an ingester can have given the number.
    static boolean isFromLoki(LokiChunkHeader chunk) {
        return chunk.fingerprint() >= 1 && chunk.fingerprint() <= NUMBER_MAX;
    }

    /// Why the chunk must not come into an index; empty if it may.
    ///
    /// @param labels of its stream, without `__name__`
    Optional<String> obstacle(LokiChunkKey key, SortedMap<String, String> labels) throws IOException {
        if (key.fingerprint() == LokiChunkRewriter.fingerprint(labels)) {
            return Optional.empty();
        }
        ListPage page = bucket.list(folder(key), null, null, COMPARED_MAX + 1);
        for (ObjectInfo object : page.objects()) {
            Optional<LokiChunkKey> other = LokiChunkKey.tryParse(object.key()).filter(found -> !found.equals(key));
            Optional<SortedMap<String, String>> theirs = other.isEmpty() ? Optional.empty() : labels(other.get());
            if (theirs.isPresent() && !theirs.get().equals(labels)) {
                return Optional.of(
                        ("%s has a fingerprint of Loki's choice, which the stream %s has too (%s): lines of one"
                                        + " would be answered with the labels of the other")
                                .formatted(key, LabelSet.of(theirs.get()), other.get()));
            }
        }
        return Optional.empty();
    }

    private static String folder(LokiChunkKey key) {
        return "%s/%x/".formatted(key.tenant(), key.fingerprint());
    }

    /// Empty for what is no longer there, or no chunk that can be read: nobody finds lines in it.
    private Optional<SortedMap<String, String>> labels(LokiChunkKey key) throws IOException {
        LokiChunk chunk;
        try (InputStream in = bucket.get(key.toString())) {
            byte[] bytes = in.readNBytes(LokiChunkReader.CHUNK_BYTES_MAX);
            chunk = LokiChunkReader.open(key.toString(), bytes);
        } catch (BucketException.NotFound | CorruptFormatException | UnsupportedVersionException e) {
            return Optional.empty();
        }
        TreeMap<String, String> labels = new TreeMap<>(chunk.header().labels());
        labels.remove(NAME);
        return LokiChunkKey.of(chunk).equals(key) ? Optional.of(labels) : Optional.empty();
    }
}
