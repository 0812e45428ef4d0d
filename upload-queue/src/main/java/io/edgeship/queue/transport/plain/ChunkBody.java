package io.edgeship.queue.transport.plain;

import io.edgeship.bucket.Body;
import io.edgeship.bucket.FileBody;
import io.edgeship.queue.Item;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// A chunk as it is shipped: its head, then the body that the source wrote. Each reading opens the files anew.
///
/// @param parts one or two
record ChunkBody(List<Item.DataFile> parts) implements Body {
    @Override
    public long sizeBytes() {
        return parts.stream().mapToLong(Item.DataFile::sizeBytes).sum();
    }

    @Override
    public InputStream open() throws IOException {
        List<InputStream> opened = new ArrayList<>();
        for (Item.DataFile part : parts) {
            opened.add(new FileBody(part.path(), part.offset(), part.sizeBytes()).open());
        }
        return new SequenceInputStream(Collections.enumeration(opened));
    }
}
