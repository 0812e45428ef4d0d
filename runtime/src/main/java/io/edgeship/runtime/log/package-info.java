/// Logs: a fixed lower-case message plus keys and values, one line a record, JSON or logfmt, on standard error.
///
/// It is a thin layer over `java.util.logging`, so that libraries' logs (through slf4j-jdk14) come out in the same
/// form. Values of keys that sound like secrets are never printed.
@NullMarked
package io.edgeship.runtime.log;

import org.jspecify.annotations.NullMarked;
