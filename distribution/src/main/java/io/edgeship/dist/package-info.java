/// What `edgeship dist` makes of a built checkout: images, charts, a runnable archive, a bill of materials, checksums.
///
/// The same checkout, JDK and C library give the same bytes: names are sorted, times fixed, owners left out.
@NullMarked
package io.edgeship.dist;

import org.jspecify.annotations.NullMarked;
