package io.edgeship.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListenAddressTest {
    @ParameterizedTest
    @CsvSource({"127.0.0.1:10902, 127.0.0.1, 10902", "[::1]:0, ::1, 0", "':10902', '', 10902", "a.b:65535, a.b, 65535"})
    void readsAndPrintsTheSameLetters(String text, String host, int port) {
        ListenAddress address = ListenAddress.parse(text);

        assertThat(address).isEqualTo(new ListenAddress(host, port)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10902", "host", "host:", "host:x", "::1:80", "host:65536", "host:-1"})
    void refusesWhatIsNoAddress(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> ListenAddress.parse(text));
    }
}
