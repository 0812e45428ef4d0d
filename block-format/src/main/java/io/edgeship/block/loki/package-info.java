/// Loki chunk files: their names and their outer envelope. What is inside the envelope (blocks of log lines) is not
/// read yet.
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
/// Integers are big-endian. Nothing inside the file holds the checksum: only its name does, so a file is whole exactly
/// when its bytes hash to its name. Loki writes these files in place; a name without whole content is an ordinary
/// sight.
///
/// Source: `pkg/storage/chunk/chunk.go` and `pkg/storage/chunk/client/object_client.go` of Loki 3.7.6.
/// `LokiChunkTest` reads a chunk that this Loki wrote.
@NullMarked
package io.edgeship.block.loki;

import org.jspecify.annotations.NullMarked;
