/// What sites say of themselves, as Protobuf messages: `src/main/protobuf/edgeship/v1/site.proto` is their page, the
/// generated classes lie in `v1`. Whoever reads one goes through [SiteMessages], which judges size and version.
@NullMarked
package io.edgeship.block.message;

import org.jspecify.annotations.NullMarked;
