/// `edgeship logs`: Loki's chunks and indexes, checked, printed and made anew.
@NullMarked
package io.edgeship.block.cli.logs;

import org.jspecify.annotations.NullMarked;
