/// `edgeship check`: looks whether a site is set up well, before and beside a running agent. Each check gathers facts
/// and judges them by a pure function; `docs/operations/check.md` says what each means.
@NullMarked
package io.edgeship.agent.check;

import org.jspecify.annotations.NullMarked;
