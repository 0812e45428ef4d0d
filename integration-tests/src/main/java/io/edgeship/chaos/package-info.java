/// Bad links, made on purpose: a proxy on loopback between a client and a server that cuts, slows, silences and answers
/// out of turn, and counts every byte. For tests, the demo and measurements; no part of what is installed at a site.
///
/// Every random choice comes from one seed, which the proxy's text shows.
@NullMarked
package io.edgeship.chaos;

import org.jspecify.annotations.NullMarked;
