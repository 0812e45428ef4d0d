/// What sites and the centre say to each other, as Protobuf messages. In `src/main/protobuf/edgeship/v1`, `site.proto`
/// (what a site says of itself) and `transport.proto` (what is said of an item that travels in pieces) are their page;
/// the generated classes lie in `v1`. Whoever reads one goes through [SiteMessages] or [TransportMessages], which judge
/// size and version. Messages of each release are kept as test vectors in `src/test/resources/golden`.
@NullMarked
package io.edgeship.block.message;

import org.jspecify.annotations.NullMarked;
