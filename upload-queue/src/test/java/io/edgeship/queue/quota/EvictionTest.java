package io.edgeship.queue.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.queue.quota.Candidate.Standing;
import io.edgeship.queue.quota.Eviction.Plan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Items are written `name:frees`, oldest first, with `+` where the item is raw and could be thinned, `q` in front
/// where it is in quarantine, `b` where it was begun, `s` where it is being sent.
class EvictionTest {
    @ParameterizedTest
    @CsvSource({
        // policy, max, min free, own, free, items                       , plan
        "OLDEST,     0,   0, 900,    0, A:300 B:300 C:300                , enough",
        "OLDEST,   900,   0, 900,    0, A:300 B:300 C:300                , enough",
        "OLDEST,   899,   0, 900,    0, A:300 B:300 C:300                , evict A",
        "OLDEST,   600,   0, 900,    0, A:300 B:300 C:300                , evict A",
        "OLDEST,   599,   0, 900,    0, A:300 B:300 C:300                , evict A B",
        "OLDEST,     0, 500, 900,  500, A:300 B:300 C:300                , enough",
        "OLDEST,     0, 500, 900,  499, A:300 B:300 C:300                , evict A",
        "OLDEST,   800, 999, 900,  500, A:300 B:300 C:300                , evict A B",
        "OLDEST,   600,   0, 900,    0, A:0 B:300 C:600                  , evict B",
        "OLDEST,   600,   0, 900,    0, sA:300 B:300 C:300               , evict B",
        "OLDEST,   600,   0, 900,    0, bA:300 B:300 C:300               , evict B",
        "OLDEST,   200,   0, 900,    0, bA:300 B:300 C:300               , evict B C A",
        "OLDEST,   600,   0, 900,    0, A:300 B:300 qC:300               , evict C",
        "OLDEST,   100,   0, 300,    0, sA:300                           , full 200",
        "OLDEST,     0, 700,   0,    0, A:0 B:0                          , full 700",
        "OLDEST,     0, 999, 300,    0, A:300                            , evict A",
        "THIN,     900,   0, 900,    0, A:300+ B:300+ C:300+             , enough",
        "THIN,     600,   0, 900,    0, A:300+ B:300+ C:300+             , thin A",
        "THIN,     600,   0, 900,    0, A:300 B:300+ C:300+              , thin B",
        "THIN,     600,   0, 900,    0, sA:300+ bB:300+ C:300+           , thin C",
        "THIN,     600,   0, 900,    0, A:0+ B:300+ C:600+               , thin B",
        "THIN,     600,   0, 900,    0, A:300 B:300 C:300                , evict A",
        "THIN,     600,   0, 900,    0, A:300 B:300 bC:300+              , evict A",
        "THIN,     600,   0, 900,    0, qA:300+ B:600                    , evict A",
        "STOP,     600,   0, 900,    0, A:300 B:300 C:300                , full 300",
        "STOP,       0, 700, 900,  600, A:300 B:300 C:300                , full 100",
        "STOP,     900, 700, 900,  700, A:300 B:300 C:300                , enough",
    })
    void whatGivesWay(OnFull onFull, long max, long minFree, long own, long free, String items, String expected) {
        List<Candidate> candidates = new ArrayList<>(
                Arrays.stream(items.split(" ")).map(EvictionTest::candidate).toList());
        Collections.shuffle(candidates, new Random(own + max));
        Plan plan = Eviction.plan(candidates, new SpoolUse(own, 0, free), new SpoolLimits(max, minFree, onFull));
        assertThat(words(plan)).isEqualTo(expected);
    }

    /// Bytes that the source holds too cost nothing, but with `stop` they will.
    @ParameterizedTest
    @CsvSource({
        "OLDEST, 100, 0,   0, 500, 0, enough",
        "THIN,   100, 0, 100, 500, 0, enough",
        "STOP,   600, 0, 100, 500, 0, enough",
        "STOP,   599, 0, 100, 500, 0, full 1",
    })
    void whatCounts(OnFull onFull, long max, long minFree, long own, long shared, long free, String expected) {
        Plan plan = Eviction.plan(
                List.of(candidate("A:100")), new SpoolUse(own, shared, free), new SpoolLimits(max, minFree, onFull));
        assertThat(words(plan)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "STOP,   1000,   0, 400, 300,    0, 300, true",
        "STOP,   1000,   0, 400, 300,    0, 301, false",
        "STOP,   1000,   0,   0,   0,    0, 9000, true",
        "STOP,      0, 500, 400, 300,  500, 9000, true",
        "STOP,      0, 500, 400, 300,  499, 1, false",
        "STOP,      0, 500,   0,   0,    0, 1, true",
        "STOP,      0,   0, 400, 300,    0, 9000, true",
        "OLDEST, 1000, 500, 900, 300,    0, 9000, true",
        "THIN,   1000, 500, 900, 300,    0, 9000, true",
    })
    void whetherAnotherBlockIsTaken(
            OnFull onFull, long max, long minFree, long own, long shared, long free, long block, boolean taken) {
        SpoolUse use = new SpoolUse(own, shared, free);
        assertThat(new SpoolLimits(max, minFree, onFull).admits(use, block)).isEqualTo(taken);
    }

    private static Candidate candidate(String text) {
        Standing standing = switch (text.charAt(0)) {
            case 'q' -> Standing.ASIDE;
            case 'b' -> Standing.BEGUN;
            case 's' -> Standing.SENDING;
            default -> Standing.WAITING;
        };
        String rest = standing == Standing.WAITING ? text : text.substring(1);
        String frees = rest.substring(2).replace("+", "");
        return new Candidate(id(rest.charAt(0)), rest.charAt(0), Long.parseLong(frees), standing, rest.endsWith("+"));
    }

    private static BlockId id(char name) {
        return BlockId.parse("01J0000000000000000000000" + name);
    }

    private static String words(Plan plan) {
        return switch (plan) {
            case Plan.Enough() -> "enough";
            case Plan.Thin(var id) -> "thin " + name(id);
            case Plan.Evict(var ids) ->
                "evict " + String.join(" ", ids.stream().map(EvictionTest::name).toList());
            case Plan.Full(var lacking) -> "full " + lacking;
        };
    }

    private static String name(BlockId id) {
        return id.toString().substring(25);
    }
}
