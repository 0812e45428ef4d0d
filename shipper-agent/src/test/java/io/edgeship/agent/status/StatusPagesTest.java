package io.edgeship.agent.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// One status, three renderers.
class StatusPagesTest {
    private static final Path PAGE = Path.of("../docs/reference/status.md");

    @Test
    void whatIsReadIsWhatWasWritten() throws Exception {
        String json = StatusJson.write(TestStatus.full());
        assertThat(StatusJsonReader.read("it", json.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(TestStatus.full());
    }

    @Test
    void keysOfALaterAgentArePassedOverAndALaterMeaningIsRefused() throws Exception {
        JsonObject json =
                JsonObject.parse("it", StatusJson.write(TestStatus.full()).getBytes(StandardCharsets.UTF_8));
        assertThat(StatusJsonReader.read("it", json.with("new", 1).toCompactBytes()))
                .isEqualTo(TestStatus.full());
        assertThatThrownBy(() ->
                        StatusJsonReader.read("it", json.with("version", 2).toCompactBytes()))
                .isInstanceOf(UnsupportedVersionException.class);
    }

    @Test
    void everyKeyOfTheJsonIsOnItsPageAndNoOther() throws Exception {
        Set<String> written = new TreeSet<>();
        JsonObject json =
                JsonObject.parse("it", StatusJson.write(TestStatus.full()).getBytes(StandardCharsets.UTF_8));
        collect("", json, written);
        Set<String> onPage = new TreeSet<>();
        Pattern.compile("(?m)^\\| `([a-z_.\\[\\]]+)`")
                .matcher(Files.readString(PAGE))
                .results()
                .forEach(row -> onPage.add(row.group(1)));
        assertThat(onPage).isEqualTo(written);
    }

    private static void collect(String path, JsonObject json, Set<String> into) throws Exception {
        for (String key : json.keys()) {
            into.add(path + key);
            String text = json.toString();
            boolean isObject = text.contains("\"" + key + "\":{");
            boolean isList = text.contains("\"" + key + "\":[{");
            if (isObject) {
                collect(path + key + ".", json.object(key), into);
            } else if (isList) {
                for (JsonObject one : json.objects(key)) {
                    collect(path + key + "[].", one, into);
                }
            }
        }
    }

    @Test
    void thePageIsSmallAndLoadsNothingAndEscapesWhatIsNotOurs() {
        for (SiteStatus status : List.of(TestStatus.full(), TestStatus.crowded())) {
            String page = StatusHtml.of(status);
            assertThat(page.getBytes(StandardCharsets.UTF_8).length).isLessThan(30_000);
            assertThat(page).doesNotContain("<script", "<link", "<img", "src=", "style=", "onclick");
        }
        assertThat(StatusHtml.of(TestStatus.full()))
                .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&quot;");
        assertThat(StatusHtml.HEADERS.get("Content-Security-Policy"))
                .doesNotContain("unsafe")
                .startsWith("default-src 'none'");
    }

    @Test
    void thePageSaysWhatTheOperatorAsks() {
        assertThat(StatusHtml.of(TestStatus.full()))
                .contains("Needs attention", "closed until 22:00", "5.00 MiB of 10.0 MiB", "2026-11-25 10:00 to 12:00")
                .contains("25 % of 1.00 MiB, done in 9 min", "2 min behind the store", "vanished", "waits for others")
                .contains("<title id=\"spark\">", "over the link in the last 48 hours");
    }

    @Test
    void theTextSaysTheSame() {
        assertThat(StatusText.of(TestStatus.full()))
                .containsPattern("ready: +no")
                .containsPattern("link: +closed: closed until 22:00")
                .containsPattern("used this day: +5.00 MiB of 10.0 MiB  \\[##########\\.{10}]")
                .containsPattern("sending +" + TestStatus.A + " +1.00 MiB  \\[#####\\.{15}]  25 %  in 9 min")
                .containsPattern("losses on record: +1");
    }

    @Test
    void hoursAreKeptForTwoDaysAndEmptyOnesAreEmpty() {
        long[] now = {0};
        HourlyBytes hours = new HourlyBytes(() -> now[0]);
        hours.count(100, 1);
        assertThat(hours.hours()).containsExactly(new SiteStatus.Hour(100, 1));
        now[0] += Duration.ofHours(3).toNanos();
        hours.count(150, 1);
        assertThat(hours.hours()).extracting(SiteStatus.Hour::sentBytes).containsExactly(100L, 0L, 0L, 50L);
        now[0] += Duration.ofHours(500).toNanos();
        hours.count(150, 1);
        assertThat(hours.hours()).hasSize(SiteStatus.HOURS).containsOnly(new SiteStatus.Hour(0, 0));
    }

    @Test
    void durationsAreWordsOfTwoUnits() {
        Map<Duration, String> words = Map.of(
                Duration.ofSeconds(5), "5 s",
                Duration.ofSeconds(150), "3 min",
                Duration.ofMinutes(185), "3 h 5 min",
                Duration.ofHours(76), "3 d 4 h");
        words.forEach((duration, text) -> assertThat(Words.duration(duration)).isEqualTo(text));
        Instant now = TestStatus.AT;
        assertThat(Words.from(now, now.minusSeconds(30))).isEqualTo("30 s ago");
        assertThat(Words.span(now, now.plusSeconds(86_400))).isEqualTo("2026-11-25 21:00 to 2026-11-26 21:00");
    }
}
