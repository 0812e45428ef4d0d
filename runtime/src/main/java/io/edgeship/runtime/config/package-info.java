/// Strict YAML configuration: an error names file and line, an unknown key is an error, and every key is an
/// environment variable too.
///
/// The key `http.listen` is overridden by `EDGESHIP_HTTP_LISTEN`, `path` of the first of `sources` by
/// `EDGESHIP_SOURCES_0_PATH`; the value is checked as if it stood in the file. YAML 1.2: `yes` and `no` are text, not
/// booleans. Aliases and tags are refused.
@NullMarked
package io.edgeship.runtime.config;

import org.jspecify.annotations.NullMarked;
