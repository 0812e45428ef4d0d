package io.edgeship.ship.reduce;

/// What some series take of a block.
///
/// @param samples    as the chunks say it
/// @param chunkBytes in the segments: length, encoding, data and checksum of each chunk
/// @param indexBytes in the index: the entries of the series, padding included, and their references in the lists of
///                   postings; symbols and tables, which series share, are not counted
public record Share(long series, long samples, long chunkBytes, long indexBytes) {
    static final Share NONE = new Share(0, 0, 0, 0);

    Share plus(Share other) {
        return new Share(
                series + other.series,
                samples + other.samples,
                chunkBytes + other.chunkBytes,
                indexBytes + other.indexBytes);
    }

    public long bytes() {
        return chunkBytes + indexBytes;
    }
}
