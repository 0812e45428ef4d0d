/// How a site fares: one record, and what makes HTML, text, and JSON of it. `docs/reference/status.md` describes the
/// JSON.
@NullMarked
package io.edgeship.agent.status;

import org.jspecify.annotations.NullMarked;
