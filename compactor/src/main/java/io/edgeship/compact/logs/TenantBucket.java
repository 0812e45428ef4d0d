package io.edgeship.compact.logs;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.loki.LokiChunkKey;
import io.edgeship.block.loki.LokiIndex;
import io.edgeship.block.loki.LokiIndexReader;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ListPage;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What lies in the central Loki's bucket: tenants, their chunks, the indexes of days.
final class TenantBucket {
    private static final Log LOG = Log.of(TenantBucket.class);

    private final Bucket bucket;
    private final CentralLoki loki;

    TenantBucket(Bucket bucket, CentralLoki loki) {
        this.bucket = bucket;
        this.loki = loki;
    }

    /// Is given objects one by one.
    interface Visitor {
        void visit(ObjectInfo object) throws IOException;
    }

    /// Is given chunks one by one.
    interface ChunkVisitor {
        void visit(LokiChunkKey key, ObjectInfo object) throws IOException;
    }

    /// The table of a day.
    ///
    /// @param prefix of its keys, with a `/` at its end
    record Table(long day, String prefix) {}

    /// Top folders in which chunks may lie.
    Set<String> tenants() throws IOException {
        Set<String> tenants = new TreeSet<>();
        for (String folder : folders("")) {
            if (TenantRules.isTenant(folder)) {
                tenants.add(folder);
            }
        }
        return tenants;
    }

    void chunks(String tenant, ChunkVisitor visitor) throws IOException {
        walk(tenant + "/", object -> {
            Optional<LokiChunkKey> key = LokiChunkKey.tryParse(object.key());
            if (key.isPresent()) {
                visitor.visit(key.get(), object);
            }
        });
    }

    /// The tables there are, of every period.
    List<Table> tables() throws IOException {
        List<Table> tables = new ArrayList<>();
        for (String prefix : loki.periods().stream()
                .map(CentralLoki.Period::tables)
                .distinct()
                .toList()) {
            int folder = prefix.lastIndexOf('/') + 1;
            for (String name : folders(prefix.substring(0, folder))) {
                String table = prefix.substring(0, folder) + name;
                String day = table.substring(Math.min(prefix.length(), table.length()));
                if (table.startsWith(prefix) && day.matches("\\d{1,6}")) {
                    tables.add(new Table(Long.parseLong(day), table + "/"));
                }
            }
        }
        return tables;
    }

    /// Keys of a table's indexes: of one tenant, and of all together, which Loki has not yet taken apart.
    List<String> indexes(Table table, String tenant) throws IOException {
        List<String> keys = new ArrayList<>();
        walk(table.prefix() + tenant + "/", object -> keys.add(object.key()));
        ListPage page = null;
        do {
            page = bucket.list(table.prefix(), "/", page == null ? null : page.next(), ListPage.KEYS_MAX);
            page.objects().forEach(object -> keys.add(object.key()));
        } while (page.next() != null);
        keys.removeIf(key -> !key.endsWith(".tsdb.gz"));
        return keys;
    }

    /// Null for one that Loki's compactor has merged since the listing.
    ///
    /// @throws CorruptFormatException if it is damaged
    @Nullable LokiIndex index(String key) throws IOException {
        try (InputStream in = bucket.get(key)) {
            return LokiIndexReader.parse(key, LokiIndexReader.unpack(key, in));
        } catch (BucketException.NotFound e) {
            LOG.info("index is gone since it was listed", "key", key);
            return null;
        }
    }

    private List<String> folders(String prefix) throws IOException {
        List<String> folders = new ArrayList<>();
        ListPage page = null;
        do {
            page = bucket.list(prefix, "/", page == null ? null : page.next(), ListPage.KEYS_MAX);
            page.commonPrefixes()
                    .forEach(folder -> folders.add(folder.substring(prefix.length(), folder.length() - 1)));
        } while (page.next() != null);
        return folders;
    }

    private void walk(String prefix, Visitor visitor) throws IOException {
        ListPage page = null;
        do {
            page = bucket.list(prefix, null, page == null ? null : page.next(), ListPage.KEYS_MAX);
            for (ObjectInfo object : page.objects()) {
                visitor.visit(object);
            }
        } while (page.next() != null);
    }
}
