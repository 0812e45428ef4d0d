package io.edgeship.compact.intake;

import io.edgeship.block.message.v1.Manifest;
import io.edgeship.block.message.v1.Receipt;

/// An item whose manifest was read and waits for an answer.
///
/// @param attempt of the manifest
/// @param last    the answer before this one; an empty one where there is none
public record Question(InboxItem item, Manifest manifest, int attempt, Receipt last) {
    /// Whether the item was accepted before, maybe in an earlier attempt.
    public boolean wasAccepted() {
        return last.getVerdict() == Receipt.Verdict.VERDICT_ACCEPTED;
    }
}
