package io.edgeship.block.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageVersionsTest {
    enum Fate {
        READ,
        HELD,
        REFUSED
    }

    /// A version is unsigned: -1 is the highest there can be.
    @ParameterizedTest
    @CsvSource({
        "5, 5, READ",
        "5, 4, READ",
        "5, 3, READ",
        "5, 2, HELD",
        "5, 1, HELD",
        "5, 6, HELD",
        "5, 2147483647, HELD",
        "5, -1, HELD",
        "5, 0, REFUSED",
        "3, 1, READ",
        "3, 4, HELD",
        "2, 1, READ",
        "2, 2, READ",
        "2, 3, HELD",
        "2, 0, REFUSED",
        "1, 1, READ",
        "1, 2, HELD",
        "1, 0, REFUSED",
        "1, -1, HELD"
    })
    void aBuildReadsItsOwnVersionAndTheTwoBefore(int build, int message, Fate fate) throws IOException {
        MessageVersions versions = new MessageVersions(build);
        switch (fate) {
            case READ -> {
                versions.require("m.pb", message);
                assertThat(message).isBetween(versions.oldest(), build);
            }
            case HELD ->
                assertThatThrownBy(() -> versions.require("m.pb", message))
                        .isInstanceOf(UnsupportedVersionException.class)
                        .hasMessageContainingAll("m.pb", "up to " + build);
            case REFUSED ->
                assertThatThrownBy(() -> versions.require("m.pb", message)).isInstanceOf(CorruptFormatException.class);
        }
    }
}
