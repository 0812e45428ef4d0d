package io.edgeship.compact.merge;

/// How an object is cut into the ranges that are asked for. The first may be shorter: where many objects are read
/// side by side, they then need their next ones one after another and not all at once.
///
/// @param sizeBytes  of the object, more than 0
/// @param firstBytes 1 to `eachBytes`
record Windows(long sizeBytes, int firstBytes, int eachBytes) {
    Windows {
        if (sizeBytes < 1 || firstBytes < 1 || firstBytes > eachBytes) {
            throw new IllegalArgumentException(
                    "windows of %d and %d of %d".formatted(firstBytes, eachBytes, sizeBytes));
        }
    }

    long numberOf(long offset) {
        return offset < firstBytes ? 0 : 1 + (offset - firstBytes) / eachBytes;
    }

    long count() {
        return numberOf(sizeBytes - 1) + 1;
    }

    long start(long number) {
        return number == 0 ? 0 : firstBytes + (number - 1) * eachBytes;
    }

    /// Of the longest.
    int lengthMax() {
        return (int) Math.min(eachBytes, sizeBytes);
    }

    int length(long number) {
        return (int) Math.min(number == 0 ? firstBytes : eachBytes, sizeBytes - start(number));
    }
}
