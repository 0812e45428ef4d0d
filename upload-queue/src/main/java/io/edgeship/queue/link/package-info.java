/// The link's owner: how fast, when and how much may be sent, what was sent, and how large a piece fits the link.
@NullMarked
package io.edgeship.queue.link;

import org.jspecify.annotations.NullMarked;
