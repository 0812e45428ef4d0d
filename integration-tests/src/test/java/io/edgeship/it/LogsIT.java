package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.json.JsonObject;
import io.edgeship.chaos.Outage;
import io.edgeship.demo.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every line that was pushed to a real Loki at a site is answered by a real Loki at the centre, once, with its
/// labels and metadata, whatever was killed on the way.
class LogsIT {
    private static final int KILLS = Integer.getInteger("edgeship.kills", 12);
    private static final Duration LIMIT = Duration.ofMinutes(3);

    /// Of lines, once their index is there.
    private static final Duration APPEARS_LIMIT = Duration.ofMinutes(2);

    @TempDir
    private Path dir;

    @Test
    void everyLineIsAnsweredByTheCentralLokiWhateverIsKilled() throws Exception {
        try (LogsBed bed = LogsBed.start(dir)) {
            EdgeLoki edge = bed.edge();
            edge.push(3000, -50, -10);
            edge.push(500, -8, 8);
            edge.flush();
            bed.startAgents();
            bed.killAgentsAndCompactor(KILLS);
            bed.allArrives();
            answers(bed, "before midnight and across it");

            bed.startAgents();
            edge.push(2000, 10, 40);
            edge.killAndRestart("snappy"); // writes once more what the agents hold links to
            edge.push(1000, 41, 50);
            edge.flush();
            bed.killAgentsAndCompactor(KILLS);
            edge.restart("lz4-64k");
            edge.push(1000, 51, 60);
            edge.flush();
            edge.restart("gzip");
            edge.push(1000, 61, 70);
            edge.flush();
            bed.allArrives();
            answers(bed, "of every codec, after kill -9");

            lokisCompactorMergesOurIndexes(bed);
            answers(bed, "after Loki's compactor");
            assertThat(bed.central().log()).doesNotContain("failed downloading chunks");
        }
    }

    @Test
    void threeDaysWithoutALinkArriveWholeAfterwards() throws Exception {
        int day = Math.toIntExact(Duration.ofDays(1).toMinutes());
        try (LogsBed bed = LogsBed.start(dir)) {
            EdgeLoki edge = bed.edge();
            bed.startAgents();
            bed.link().goDown(Outage.REFUSES);
            edge.push(1500, -3 * day, -2 * day);
            edge.flush();
            bed.killAgents(3);
            edge.push(1500, -2 * day, -day);
            edge.killAndRestart("gzip");
            bed.killAgents(3);
            edge.push(1500, -day, 60);
            edge.flush();
            bed.killAgents(3);
            assertThat(bed.bucket().list("", null, null, 1).objects())
                    .as("what came through a link that was down")
                    .isEmpty();
            bed.link().recover();
            bed.killAgentsAndCompactor(KILLS);
            bed.allArrives();
            answers(bed, "of three days");
            assertThat(bed.central().log()).doesNotContain("failed downloading chunks");
        }
    }

    @Test
    void whatWasDeletedAtTheSiteIsDeletedAtTheCentreByTheRequestThatTheAgentTells() throws Exception {
        try (LogsBed bed = LogsBed.start(dir)) {
            EdgeLoki edge = bed.edge();
            edge.push(1500, -50, 20);
            edge.flush();
            bed.startAgents();
            bed.allArrives();
            answers(bed, "before the deletion");

            edge.delete("acme", "door", "6 of acme");
            bed.allArrives();
            for (LogsAgent agent : bed.agents()) {
                assertThat(agent.output()).contains("stands for ones that were taken before");
            }
            List<JsonObject> told = bed.deleteRequests();
            assertThat(told)
                    .hasSameSizeAs(bed.agents())
                    .allSatisfy(one -> assertThat(one.requiredText("status")).isEqualTo("processed"));
            for (JsonObject one : told) {
                // Two tenants become one of the fleet, so a person has to see that the words are of one of them.
                String query = one.text("query").orElse("{app=\"door\"} |= \"6 of acme\"");
                bed.central()
                        .delete(one.requiredText("tenant"), query, one.requiredText("start"), one.requiredText("end"));
            }
            answers(bed, "after the same deletion at the centre");
        }
    }

    /// The lines of each tenant at the centre are those of all sites that write to it, and no others. It looks for new
    /// indexes from time to time, so it gets some time.
    private static void answers(LogsBed bed, String when) throws IOException, InterruptedException {
        Map<String, List<LogLine>> expected = new TreeMap<>();
        for (LogsAgent agent : bed.agents()) {
            for (String tenant : EdgeLoki.TENANTS) {
                expected.computeIfAbsent(agent.tenant(tenant), _ -> new ArrayList<>())
                        .addAll(agent.expected(bed.edge(), tenant));
            }
        }
        for (var tenant : expected.entrySet()) {
            Deadline.in(APPEARS_LIMIT)
                    .reached(() -> lines(bed, tenant.getKey()).size()
                            == tenant.getValue().size());
            List<LogLine> found = lines(bed, tenant.getKey());
            String what = "%s, tenant %s, seed %d: ".formatted(when, tenant.getKey(), LogsBed.SEED);
            assertThat(without(tenant.getValue(), found))
                    .as(what + "pushed and not answered")
                    .isEmpty();
            assertThat(without(found, tenant.getValue()))
                    .as(what + "answered and not pushed")
                    .isEmpty();
            assertThat(found).as(what + "nothing twice").hasSameSizeAs(tenant.getValue());
        }
    }

    private static List<LogLine> lines(LogsBed bed, String tenant) throws IOException, InterruptedException {
        return bed.central().lines(tenant, bed.edge().fromNanos(), bed.edge().toNanos());
    }

    private static List<LogLine> without(List<LogLine> some, List<LogLine> others) {
        TreeSet<LogLine> left = new TreeSet<>(some);
        others.forEach(left::remove);
        return List.copyOf(left);
    }

    private void lokisCompactorMergesOurIndexes(LogsBed bed) throws IOException, InterruptedException {
        Path index = dir.resolve("s3/data").resolve(LogsBed.LOGS).resolve("index");
        boolean merged = Deadline.in(LIMIT).reached(() -> {
            try (Stream<Path> files = Files.walk(index)) {
                return files
                        .filter(Files::isRegularFile)
                        .collect(Collectors.groupingBy(Path::getParent, Collectors.counting()))
                        .values()
                        .stream()
                        .allMatch(count -> count == 1);
            }
        });
        assertThat(merged).as(bed.central().log()).isTrue();
    }
}
