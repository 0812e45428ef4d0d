package io.edgeship.block.merge;

import io.edgeship.block.sample.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Lays runs of samples over one another by the rules of [PenaltyMerger]. What no later run can change is handed
/// on at once, so that only about a chunk's samples are held. Not thread-safe.
final class PenaltyFold {
    private static final long FIRST_PENALTY_MILLIS = 5000;
    private static final long NEVER = Long.MIN_VALUE;

    private final Consumer<Sample> out;
    private List<Sample> open = new ArrayList<>(); // what there is so far, without what was handed on
    private long lastTime = NEVER; // of the sample that was handed on last
    private long penalty; // that it brings on whoever comes next

    PenaltyFold(Consumer<Sample> out) {
        this.out = out;
    }

    /// Returns how many samples were passed over.
    ///
    /// @param run at least one, beginning no earlier than the run before
    int lay(List<Sample> run) {
        handOnUntil(run.getFirst().timeMillis());
        List<Sample> merged = merged(open, run);
        int leftOut = open.size() + run.size() - merged.size();
        open = merged;
        return leftOut;
    }

    void finish() {
        open.forEach(out);
        open = List.of();
    }

    /// Hands on the samples whose penalty ends before a run begins: it cannot take their place, nor they its.
    private void handOnUntil(long begin) {
        int i = 0;
        for (; i < open.size(); i++) {
            long time = open.get(i).timeMillis();
            long brought = penaltyAt(time, lastTime);
            if (time + 1 + brought > begin) {
                break;
            }
            out.accept(open.get(i));
            lastTime = time;
            penalty = brought;
        }
        open = new ArrayList<>(open.subList(i, open.size()));
    }

    private static long penaltyAt(long time, long before) {
        return before == NEVER ? FIRST_PENALTY_MILLIS : 2 * (time - before);
    }

    private List<Sample> merged(List<Sample> mine, List<Sample> theirs) {
        List<Sample> merged = new ArrayList<>();
        long last = lastTime;
        long myPenalty = 0;
        long theirPenalty = penalty;
        int a = 0;
        int b = 0;
        while (true) {
            a = seek(mine, a, last, myPenalty);
            b = seek(theirs, b, last, theirPenalty);
            if (a == mine.size() && b == theirs.size()) {
                return merged;
            }
            boolean isMine = b == theirs.size()
                    || (a < mine.size()
                            && mine.get(a).timeMillis() <= theirs.get(b).timeMillis());
            Sample taken = isMine ? mine.get(a) : theirs.get(b);
            boolean isChoice = a < mine.size() && b < theirs.size();
            long brought = isChoice ? penaltyAt(taken.timeMillis(), last) : 0;
            if (isMine) {
                myPenalty = 0;
                theirPenalty = isChoice ? brought : theirPenalty;
            } else {
                theirPenalty = 0;
                myPenalty = isChoice ? brought : myPenalty;
            }
            last = taken.timeMillis();
            merged.add(taken);
        }
    }

    private static int seek(List<Sample> samples, int from, long last, long penalty) {
        int at = from;
        while (at < samples.size() && last != NEVER && samples.get(at).timeMillis() < last + 1 + penalty) {
            at++;
        }
        return at;
    }
}
