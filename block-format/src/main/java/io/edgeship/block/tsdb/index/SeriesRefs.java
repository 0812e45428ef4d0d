package io.edgeship.block.tsdb.index;

import java.util.BitSet;

/// A set of series of one index: a bit for each place where an entry may begin, so that it takes at most 1/128 of the
/// section of series, however many lists of postings are put together (1/8 in version 1). Not thread-safe.
public final class SeriesRefs {
    private final BitSet places = new BitSet();
    private final long first; // the reference that bit 0 stands for
    private final long end;

    /// @param first the least reference that a series may have
    /// @param end   the least after it that none may have
    SeriesRefs(long first, long end) {
        this.first = first;
        this.end = end;
    }

    /// How many series there can be at most.
    public long capacity() {
        return end - first;
    }

    /// False if no series can have this reference.
    public boolean add(long ref) {
        boolean isPossible = ref >= first && ref < end;
        if (isPossible) {
            places.set((int) (ref - first));
        }
        return isPossible;
    }

    /// Keeps those that `others` has too.
    public void retain(SeriesRefs others) {
        places.and(others.places);
    }

    /// Keeps those that `others` has not.
    public void remove(SeriesRefs others) {
        places.andNot(others.places);
    }

    public boolean isEmpty() {
        return places.isEmpty();
    }

    public int count() {
        return places.cardinality();
    }

    /// The least reference from `ref` on, -1 if there is none.
    public long next(long ref) {
        int place = places.nextSetBit((int) Math.clamp(ref - first, 0, end - first));
        return place < 0 ? -1 : first + place;
    }
}
