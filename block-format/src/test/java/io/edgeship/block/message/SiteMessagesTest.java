package io.edgeship.block.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.message.v1.Heartbeat;
import io.edgeship.block.message.v1.Loss;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SiteMessagesTest {
    private static final Heartbeat HEARTBEAT = Heartbeat.newBuilder()
            .setVersion(1)
            .setSite("greenhouse-7")
            .setIncarnation("cafe")
            .addOutstandingUlids("01M83GR348Y4934FR7CE7TVV09")
            .build();
    private static final Loss LOSS = Loss.newBuilder()
            .setVersion(1)
            .setUlid("01M83GR348Y4934FR7CE7TVV09")
            .setReason(Loss.Reason.REASON_VANISHED)
            .build();

    @Test
    void readsWhatThisVersionWrites() throws Exception {
        assertThat(SiteMessages.heartbeat("h", HEARTBEAT.toByteArray())).isEqualTo(HEARTBEAT);
        assertThat(SiteMessages.loss("l", LOSS.toByteArray())).isEqualTo(LOSS);
    }

    /// A site that is newer than the centre may have lost data in ways that the centre has no word for.
    @Test
    void aReasonThatIsNotKnownYetIsKept() throws Exception {
        byte[] loss = LOSS.toBuilder().setReasonValue(99).build().toByteArray();
        Loss read = SiteMessages.loss("l", loss);
        assertThat(read.getReason()).isEqualTo(Loss.Reason.UNRECOGNIZED);
        assertThat(read.toByteArray()).isEqualTo(loss);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void aReasonKeepsItsNumberForEver(int number) {
        List<String> names = List.of("CORRUPT", "VANISHED", "DROPPED", "REFUSED", "EVICTED", "THINNED");
        assertThat(Loss.Reason.forNumber(number)).hasToString("REASON_" + names.get(number - 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 99, Integer.MAX_VALUE, -1})
    void aLaterVersionIsNotBrokenAndNotRead(int version) {
        byte[] heartbeat = HEARTBEAT.toBuilder().setVersion(version).build().toByteArray();
        byte[] loss = LOSS.toBuilder().setVersion(version).build().toByteArray();

        assertThatThrownBy(() -> SiteMessages.heartbeat("h.pb", heartbeat))
                .isInstanceOf(UnsupportedVersionException.class)
                .hasMessageContainingAll("h.pb", "this build reads up to 1");
        assertThatThrownBy(() -> SiteMessages.loss("l.pb", loss)).isInstanceOf(UnsupportedVersionException.class);
    }

    @Test
    void nothingIsNoMessage() {
        assertThatThrownBy(() -> SiteMessages.heartbeat("h.pb", new byte[0]))
                .isInstanceOf(CorruptFormatException.class)
                .hasMessageContainingAll("h.pb", "no version");
        assertThatThrownBy(() -> SiteMessages.loss("l.pb", new byte[0])).isInstanceOf(CorruptFormatException.class);
    }

    /// A cut at the end of a field leaves a message that parses: the store's and the file system's atomic writes are
    /// what keeps messages whole. Whatever the cut, no other exception comes out.
    @Test
    void aCutIsCorruptOrAShorterMessageAndNeverAnythingElse() throws Exception {
        byte[] whole = HEARTBEAT.toByteArray();
        int corrupt = 0;
        for (int cut = 0; cut < whole.length; cut++) {
            try {
                Heartbeat read = SiteMessages.heartbeat("h.pb", Arrays.copyOf(whole, cut));
                assertThat(read.getVersion()).isEqualTo(1);
            } catch (CorruptFormatException e) {
                corrupt++;
            }
        }
        assertThat(corrupt).isGreaterThan(whole.length / 2);
    }

    @Test
    void refusesMoreThanAnySiteWrites() {
        byte[] large = HEARTBEAT.toBuilder()
                .setAgentVersionBytes(ByteString.copyFrom(new byte[SiteMessages.BYTES_MAX]))
                .build()
                .toByteArray();

        assertThatThrownBy(() -> SiteMessages.heartbeat("h.pb", large))
                .isInstanceOf(CorruptFormatException.class)
                .hasMessageContaining("longer than");
    }
}
