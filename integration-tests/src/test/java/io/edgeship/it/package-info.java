/// Tests of the whole system against real programs; see this module's README for what each proves.
@NullMarked
package io.edgeship.it;

import org.jspecify.annotations.NullMarked;
