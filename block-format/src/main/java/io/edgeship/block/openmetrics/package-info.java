/// The OpenMetrics text format, as far as samples go.
///
/// ```
/// file     := line* "# EOF" LF
/// line     := ("# TYPE " | "# HELP " | "# UNIT ") anything LF
///           | series SP value SP time [" # " exemplar] LF
/// series   := name [ "{" labels "}" ]  |  "{" quoted ["," labels] "}"      the quoted text is the name
/// labels   := [label ("," label)* [","]]
/// label    := (name | quoted) "=" quoted
/// quoted   := '"' (any but \ and " | \\ | \" | \n)* '"'
/// value    := number | NaN | [+-]Inf                                       in any case, "Infinity" too
/// time     := number                                                       seconds since 1970
/// ```
///
/// Times are cut to milliseconds. A label without a value is no label. Exemplars and what is said of metrics are passed
/// over. Source: the OpenMetrics specification 1.0, and what `promtool tsdb create-blocks-from openmetrics` of
/// Prometheus
/// 3.14 takes.
@NullMarked
package io.edgeship.block.openmetrics;

import org.jspecify.annotations.NullMarked;
