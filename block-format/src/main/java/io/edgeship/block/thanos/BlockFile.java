package io.edgeship.block.thanos;

import org.jspecify.annotations.Nullable;

/// One file of a block, as `thanos.files` lists it.
///
/// @param relativePath within the block: `chunks/000001`
/// @param sizeBytes    zero where the list does not say, as for meta.json
/// @param sha256Hex    64 lower-case letters, or null where the list has no hash
public record BlockFile(
        String relativePath, long sizeBytes, @Nullable String sha256Hex) {}
