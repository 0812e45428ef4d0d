package io.edgeship.compact.clean;

import io.edgeship.block.BlockId;
import io.edgeship.bucket.ListPage;
import java.util.ArrayList;
import java.util.List;

/// The prefixes by which some folders are listed in the fewest requests: one for all where they lie close together,
/// one each where much else lies between them. A pure function; that counts are estimates costs requests, no more.
final class ListingCover {
    private ListingCover() {}

    /// @param objects  about how many lie in it
    /// @param isWanted whether it is to be listed
    record Folder(String name, long objects, boolean isWanted) {}

    private record Choice(List<String> prefixes, long requests) {}

    /// @param folders all that are known, in order
    static List<String> of(List<Folder> folders) {
        return split("", folders).prefixes();
    }

    private static Choice best(String prefix, List<Folder> folders) {
        if (folders.stream().noneMatch(Folder::isWanted)) {
            return new Choice(List.of(), 0);
        }
        long objects = folders.stream().mapToLong(Folder::objects).sum();
        long requests = Math.ceilDiv(Math.max(1, objects), ListPage.KEYS_MAX);
        boolean whole = prefix.length() == BlockId.LENGTH;
        Choice asOne = new Choice(List.of(whole ? prefix + "/" : prefix), requests);
        if (whole || requests == 1) {
            return asOne;
        }
        Choice apart = split(prefix, folders);
        return apart.requests() < requests ? apart : asOne;
    }

    private static Choice split(String prefix, List<Folder> folders) {
        List<String> prefixes = new ArrayList<>();
        long requests = 0;
        int from = 0;
        while (from < folders.size()) {
            String next = folders.get(from).name().substring(0, prefix.length() + 1);
            int to = from;
            while (to < folders.size() && folders.get(to).name().startsWith(next)) {
                to++;
            }
            Choice choice = best(next, folders.subList(from, to));
            prefixes.addAll(choice.prefixes());
            requests += choice.requests();
            from = to;
        }
        return new Choice(prefixes, requests);
    }
}
