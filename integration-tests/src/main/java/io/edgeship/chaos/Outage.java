package io.edgeship.chaos;

/// What a client sees of a link that is down.
public enum Outage {
    /// Connections are reset as soon as they are made; those that were open are too.
    REFUSES,

    /// Nothing comes and nothing goes. What was under way goes on afterwards, if the client still waits.
    SILENT,

    /// What the client sends is taken and lost, nothing comes back. Afterwards the connections are reset.
    SWALLOWS
}
