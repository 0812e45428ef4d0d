package io.edgeship.queue.transport.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.message.v1.Receipt;
import io.edgeship.block.message.v1.Receipt.Verdict;
import io.edgeship.bucket.BucketException;
import io.edgeship.queue.transport.Transport.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// An item that is awaited in vain is told again, rarely and byte for byte.
class ReminderTest extends SentItem {
    @BeforeEach
    void awaitInVain() throws IOException {
        assertThat(transport.poll(item)).isEqualTo(new Answer.Waiting());
        store.requests.clear();
    }

    @Test
    void aManifestThatGotLostIsPutAgainByteForByte() throws IOException {
        byte[] manifest = store.objects.remove(manifestKey());
        after(Duration.ofHours(5));
        assertThat(store.puts()).isEmpty();

        after(Duration.ofHours(1));

        assertThat(store.puts()).containsExactly("put manifest.pb");
        assertThat(store.objects.get(manifestKey())).isEqualTo(manifest);
        assertThat(newTransport().isAwaited(item)).isTrue();
        centre.cycle(item.id());
        assertThat(transport.poll(item)).isEqualTo(new Answer.Accepted());
    }

    @Test
    void isRarerEachTimeAndAtLeastOnceAWeek() throws IOException {
        List<Integer> hours = new ArrayList<>();
        for (int hour = 1; hour <= 1000; hour++) {
            int before = store.puts().size();
            after(Duration.ofHours(1));
            if (store.puts().size() > before) {
                hours.add(hour);
            }
        }
        assertThat(hours).containsExactly(6, 18, 42, 90, 186, 354, 522, 690, 858);
    }

    @Test
    void beginsAnewWithTheProcessAndWithEachDelivery() throws IOException {
        after(Duration.ofHours(5));
        transport = newTransport();
        after(Duration.ofHours(5));
        after(Duration.ofHours(5));
        assertThat(store.puts()).isEmpty();
        store.objects.remove(store.pieceKeys().getFirst());
        centre.cycle(item.id());
        assertThat(transport.poll(item)).isInstanceOf(Answer.Missing.class);
        transport.ship(item);
        transport.poll(item);
        store.requests.clear();

        after(Duration.ofHours(5));
        assertThat(store.puts()).isEmpty();
        after(Duration.ofHours(1));
        assertThat(store.puts()).containsExactly("put manifest.pb");
        assertThat(centre.manifest(item.id()).getAttempt()).isEqualTo(2);
    }

    @Test
    void aCentreThatWasTooOldIsToldAgainToo() throws IOException {
        centre.answer(
                item.id(),
                centre.of(centre.manifest(item.id()), Verdict.VERDICT_TOO_NEW).build());
        store.objects.remove(manifestKey());
        store.now = store.now.plus(Duration.ofHours(6));

        assertThat(transport.poll(item)).isInstanceOf(Answer.TooNew.class);

        assertThat(store.puts()).containsExactly("put manifest.pb");
    }

    @Test
    void aReminderThatFailsIsTriedWithTheNextQuestion() throws IOException {
        store.trouble = new InboxStore.Trouble() {
            @Override
            public void before(String request, byte @Nullable [] body) throws BucketException {
                if (body != null) {
                    throw new BucketException.Unavailable("link is down", null);
                }
            }
        };
        assertThatThrownBy(() -> after(Duration.ofHours(6))).isInstanceOf(BucketException.Unavailable.class);
        store.trouble = InboxStore.Trouble.NONE;
        store.requests.clear();

        after(Duration.ZERO);

        assertThat(store.puts()).containsExactly("put manifest.pb");
    }

    /// The bucket has the right ones: a manifest of others would have the block rejected, or forged.
    @Test
    void aDiskThatGivesOtherBytesByNowSaysNothing() throws IOException {
        Path index = item.dir().resolve("index");
        byte[] bytes = Files.readAllBytes(index);
        bytes[7] ^= 1;
        Files.write(index, bytes);

        after(Duration.ofHours(6));

        assertThat(store.puts()).isEmpty();
        Files.delete(index);
        after(Duration.ofHours(12));
        assertThat(store.puts()).isEmpty();
        centre.cycle(item.id());
        assertThat(transport.poll(item)).isEqualTo(new Answer.Accepted());
    }

    @Test
    void whatWasAcceptedIsTakenWhicheverAttemptItWas() throws IOException {
        store.objects.remove(store.pieceKeys().getFirst());
        Receipt.Builder first = centre.of(centre.manifest(item.id()), Verdict.VERDICT_ACCEPTED);
        centre.cycle(item.id());
        transport.poll(item);
        transport.ship(item);
        assertThat(centre.manifest(item.id()).getAttempt()).isEqualTo(2);

        centre.answer(item.id(), first.build());

        assertThat(transport.poll(item)).isEqualTo(new Answer.Accepted());
    }

    private void after(Duration duration) throws IOException {
        store.now = store.now.plus(duration);
        assertThat(transport.poll(item)).isEqualTo(new Answer.Waiting());
    }

    private String manifestKey() {
        return InboxStore.INBOX + item.id() + ".item/manifest.pb";
    }
}
