package io.edgeship.block.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a release wrote is read for ever as what it said then.
class FrozenMessagesTest {
    private static final String DIRECTORY = "/golden/edgeship-0.1/";

    static Stream<String> names() {
        return FrozenMessages.ofRelease01().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void saysToThisBuildWhatItSaidToItsOwn(String name) throws IOException {
        MessageLite expected = expected(name);

        assertThat(read(name, bytes(name))).isEqualTo(expected);
    }

    /// Another order of fields or another encoding would be read as well, but not by a program that compares bytes.
    @ParameterizedTest
    @MethodSource("names")
    void isWrittenByThisBuildToTheByte(String name) throws IOException {
        assertThat(expected(name).toByteArray()).isEqualTo(bytes(name));
    }

    private static MessageLite expected(String name) {
        Map<String, MessageLite> messages = FrozenMessages.ofRelease01();
        return Objects.requireNonNull(messages.get(name), name);
    }

    static MessageLite read(String name, byte[] bytes) throws IOException {
        return switch (name.replaceAll("[-.].*", "")) {
            case "heartbeat" -> SiteMessages.heartbeat(name, bytes);
            case "loss" -> SiteMessages.loss(name, bytes);
            case "manifest" -> TransportMessages.manifest(name, bytes);
            case "receipt" -> TransportMessages.receipt(name, bytes);
            default -> throw new IllegalArgumentException(name);
        };
    }

    static byte[] bytes(String name) throws IOException {
        try (InputStream in = FrozenMessagesTest.class.getResourceAsStream(DIRECTORY + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }
}
