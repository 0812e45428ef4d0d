/// Takes in the log chunks that sites sent, and makes them readable for the central Loki: verifies each chunk, puts it
/// where Loki looks for it, then builds the indexes. What is checked, and what becomes of a segment that breaks a
/// rule, is a table in `docs/reference/compactor.md`.
///
/// ```
/// listing ─→ manifest ─→ plan ─→ chunk ─→ checks ─→ chunk put ─┐            (of each segment)
///               │          │        │        │                 │
///            too new   rejected  missing  rejected             ▼
///                       or held              index built, read again, put, compared ─→ state ─→ receipts ─→ removal
///                                                      (commit point of all segments of the cycle)
/// ```
///
/// Loki answers with fewer lines, and no error, where an index names a chunk that is not there: so no index is put
/// before every chunk in it was found in its place (I1). Indexes are only added; Loki's own compactor merges them. A
/// crash at any point leaves a state from which the next cycle goes on: chunks and indexes have names that follow from
/// their content, so what is written twice is the same object.
@NullMarked
package io.edgeship.compact.logs;

import org.jspecify.annotations.NullMarked;
