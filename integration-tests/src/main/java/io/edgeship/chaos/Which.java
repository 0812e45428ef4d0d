package io.edgeship.chaos;

/// Which requests a fault befalls.
///
/// @param method   only those of this method; empty: of any
/// @param pathPart only those whose path and query contain this
/// @param share    of these, 0 to 1, each by chance; no matter if `number` is given
/// @param number   of these only this one, from 1; 0: by `share`
public record Which(String method, String pathPart, double share, long number) {
    public Which {
        if (share < 0 || share > 1 || number < 0) {
            throw new IllegalArgumentException("share %s, number %d".formatted(share, number));
        }
    }

    /// So many of all requests, by chance.
    public static Which share(double share) {
        return new Which("", "", share, 0);
    }

    /// All requests.
    public static Which all() {
        return share(1);
    }

    /// Only the n-th request, from 1.
    public static Which number(long number) {
        return new Which("", "", 0, number);
    }

    public Which method(String only) {
        return new Which(only, pathPart, share, number);
    }

    public Which path(String part) {
        return new Which(method, part, share, number);
    }

    boolean mayBefall(RequestHead request) {
        return (method.isEmpty() || method.equals(request.method()))
                && request.target().contains(pathPart);
    }
}
