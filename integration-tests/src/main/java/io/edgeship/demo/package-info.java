/// The demo, and the pieces of it that the whole-system tests use too: real programs as child processes.
///
/// Everything listens on loopback, on free ports; every child ends with this process.
@NullMarked
package io.edgeship.demo;

import org.jspecify.annotations.NullMarked;
