package io.edgeship.ship;

import io.edgeship.queue.transport.Transport;

/// A source and the way that its blocks take. The transport belongs to the ship loop's thread.
///
/// @param looksBack whether the bucket may be asked for what somebody shipped before this spool was made: through the
///     inbox that is for the centre to find out
public record Lane(Source source, Transport transport, boolean looksBack) {}
