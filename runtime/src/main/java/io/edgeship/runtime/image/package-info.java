/// What takes the launcher's place in an image, where there is no shell.
@NullMarked
package io.edgeship.runtime.image;

import org.jspecify.annotations.NullMarked;
