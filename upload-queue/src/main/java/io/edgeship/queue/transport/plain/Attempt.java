package io.edgeship.queue.transport.plain;

import io.edgeship.bucket.Bucket;

/// What an attempt to ship an item works with.
record Attempt(Bucket bucket, Looks looks, PartSender sender, PartLedger ledger) {}
