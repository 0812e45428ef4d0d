/// Takes in what sites sent in pieces: assembles each item of `edgeship/inbox/` into a block, answers with a receipt,
/// removes the pieces. Nothing that a site says is believed before it was checked; what is checked, and what becomes
/// of an item that breaks a rule, is a table in `docs/reference/compactor.md`.
///
/// ```
/// listing ─→ manifest ─→ plan ─→ meta.json ─→ files ─→ meta.json put ─→ receipt ─→ manifest, pieces removed
///               │          │         │          │      (commit point)   (answer)
///            too new    rejected  rejected   missing
/// ```
///
/// A crash at any point leaves a state from which the next cycle goes on: before the commit point the block is
/// invisible and is written again; between commit and receipt the block is found and compared; after the receipt
/// `accepted` only removal is left.
@NullMarked
package io.edgeship.compact.intake;

import org.jspecify.annotations.NullMarked;
