/// Loki's files: chunks of log lines, and the indexes that name them.
///
/// # Chunk file
///
/// ```
/// file := metaLen header dataLen data
///
///         ┌────────────────┬──────────────────────────────┬────────────────┬──────────────────────┐
/// file    │ metaLen u32    │ header, metaLen - 4 bytes    │ dataLen u32    │ data, dataLen bytes  │
///         └────────────────┴──────────────────────────────┴────────────────┴──────────────────────┘
///         ╰──────────────── the crc32c in the file's name covers all of it ───────────────────────╯
///
/// header := snappy frames (`ff 06 00 00 "sNaPpY"`, then compressed or raw frames) of one JSON object:
///           {"fingerprint":u64,"userID":"tenant","from":s[.mmm],"through":s[.mmm],"metric":{…},"encoding":128|129}
/// name   := <tenant>/<fingerprint hex>/base64(<from ms hex>:<through ms hex>:<crc32c hex>)
/// ```
///
/// Integers are big-endian. Nothing inside the file holds the checksum: only its name does, so a file is whole
/// exactly when its bytes hash to its name. Loki writes these files in place; a name without whole content is an
/// ordinary sight.
///
/// # Chunk body: the data of the envelope
///
/// ```
/// body    := magic version codec [symbols] block… metas trailer
///
///            0          4     5     6
///            ┌──────────┬─────┬─────┬─────────────────┬───────────────┬───────┬─────────────────┬─────────┐
///            │ 012ee56a │ ver │codec│ symbols, crc u32│ block, crc u32│ …     │ metas, crc u32  │ trailer │
///            └──────────┴─────┴─────┴─────────────────┴───────────────┴───────┴─────────────────┴─────────┘
///
/// codec   := u8 from version 2 on, gzip before: 0 none, 1 gzip, 3 lz4-64k, 4 snappy (framed), 5 lz4-256k, 6 lz4-1M,
///            7 lz4 (4 MiB), 8 flate, 9 zstd; the symbols and every block are of this one
/// symbols := from version 4 on: count uvarint, then compressed: (length uvarint, UTF-8)…
/// block   := compressed entry…, ascending by time
/// entry   := time varint (ns), length uvarint, line, from version 4 on: bytes uvarint, pairs uvarint, pair…;
///            bytes counts from pairs on
/// pair    := name uvarint, value uvarint: numbers of symbols
/// metas   := blocks uvarint, then of each: entries uvarint, first and last time varint, offset uvarint,
///            uncompressed size uvarint (from version 3 on), compressed length uvarint
/// trailer := version 4: length and offset of the symbols, of the metas, each u64; before: offset of the metas u64
/// ```
///
/// Offsets count from the magic number, lengths leave the checksum out. Each checksum is a crc32c of what stands
/// before it: of the symbols (with their count), of a block as it is compressed, of the metas. A block's first
/// time, and with it the chunk's, may be too late: Loki forgets the times of empty lines that come first.
///
/// Source: `pkg/storage/chunk/chunk.go`, `pkg/storage/chunk/client/object_client.go` and
/// `pkg/chunkenc/memchunk.go` of Loki 3.7.6. `LokiLinesTest` reads chunks of each codec that this Loki wrote,
/// line by line.
///
/// # Index file
///
/// ```
/// file    := magic version symbols series… labels… postings… labelTable postingsTable fingerprints toc
///
///            0          4     5
///            ┌──────────┬─────┬─────────┬────────────────────┬────────────────────────────────┬──────────────┐
///            │ baaad700 │ ver │ symbols │ series, each at 16 │ lists and tables, each at 4    │ toc, 76 bytes│
///            └──────────┴─────┴─────────┴────────────────────┴────────────────────────────────┴──────────────┘
///
/// section := length u32, content, crc32c u32 of the content; all but series and toc are sections
/// symbols := count u32, (length uvarint, UTF-8)… in the order of bytes
/// series  := length uvarint, content, crc32c u32; ordered by fingerprint, then labels; its ref is its offset / 16
/// content := fingerprint u64, labels uvarint, (name, value: symbol uvarint)…, chunks uvarint, [pages] chunk…
/// pages   := from version 3 on: length u32 of what follows, pages uvarint, of each 16 chunks: chunks uvarint,
///            kilobytes u32, entries u32, offset among chunks uvarint, from varint, through - from varint
/// chunk   := from - through of the one before varint, through - from uvarint, kilobytes uvarint, entries uvarint,
///            crc32c u32 of the chunk file, from version 4 on: day of ingestion uvarint; ordered by time
/// labels  := of each name: 1 u32, values u32, symbol u32…
/// postings:= refs u32, ref u32…; of all series first, then of each name and value
/// tables  := entries u32, (1, name, offset) or (2, name, value, offset)…, uvarints and texts
/// fingerprints := entries u32, (ref u64, fingerprint u64)… of every 1024th series
/// toc     := offsets u64 of symbols, series, labels, labelTable, postings, postingsTable, fingerprints; from
///            and through (earliest and latest chunk, i64 ms); crc32c u32, which is in the file's name too
/// ```
///
/// Version 3 is written, and the bytes are Loki's own for the same chunks: `LokiIndexTest` compares with indexes
/// that Loki wrote. Beside the chunks an index is packed with gzip. Source:
/// `pkg/storage/stores/shipper/indexshipper/tsdb` of Loki 3.7.6.
@NullMarked
package io.edgeship.block.loki;

import org.jspecify.annotations.NullMarked;
