package io.edgeship.agent.status;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// How a site fares at one moment. Lists are cut to what a page can hold; the numbers beside them count everything.
/// Immutable.
///
/// @param at          by the site's clock
/// @param live        whether a running agent said it; else it was read from the spool, and everything about the link
///     is unknown
/// @param uptime      since the agent started; empty where none runs
/// @param problems    what makes the agent not ready, by check
/// @param bucket      where blocks go
/// @param transport   `plain` or `inbox`
/// @param notes       what limits the transport, for people
/// @param lastContact when the store answered last, by its clock
/// @param clockSkew   the site's clock minus the store's
/// @param hours       of the last two days, the newest, which is not over, last
public record SiteStatus(
        Instant at,
        boolean live,
        String site,
        String version,
        Optional<Duration> uptime,
        SortedMap<String, String> problems,
        String bucket,
        String transport,
        List<String> notes,
        Optional<Link> link,
        Optional<Instant> lastContact,
        Optional<Duration> clockSkew,
        Estimate estimate,
        List<Source> sources,
        List<Hour> hours) {
    /// So many hours [#hours] goes back.
    public static final int HOURS = 48;

    public SiteStatus {
        problems = Collections.unmodifiableSortedMap(new TreeMap<>(problems));
        notes = List.copyOf(notes);
        sources = List.copyOf(sources);
        hours = List.copyOf(hours);
    }

    public boolean ready() {
        return problems.isEmpty();
    }

    /// The link now.
    ///
    /// @param reason             why nothing, or only what is small, may go out; empty if anything may
    /// @param opensAt            by the store's clock, where the link is closed and will open
    /// @param maxBytesPerSecond  what may go out; empty for any rate
    /// @param seenBytesPerSecond what the link carried of late; empty before anything of size went out
    /// @param sentBytes          of HTTP, since the agent started
    public record Link(
            boolean open,
            String reason,
            Optional<Instant> opensAt,
            Optional<Long> maxBytesPerSecond,
            Optional<Long> seenBytesPerSecond,
            long sentBytes,
            long receivedBytes,
            List<Budget> budgets) {
        public Link {
            budgets = List.copyOf(budgets);
        }
    }

    /// A budget and what is used of it.
    ///
    /// @param period     `day` or `month`
    /// @param limitBytes empty without a budget
    public record Budget(String period, long usedBytes, Optional<Long> limitBytes) {}

    /// When the backlog will be there, if the link is never down and nothing is added.
    ///
    /// @param leftBytes what is still to be sent
    /// @param doneAt    by the store's clock; empty where it cannot be told, or never happens
    /// @param why       there is no `doneAt`; else empty
    public record Estimate(long leftBytes, Optional<Instant> doneAt, String why) {}

    /// What the spool costs its disk.
    ///
    /// @param ownBytes   that nobody else holds: what deleting would free
    /// @param limitBytes `spool.max_bytes`; 0 without a limit
    /// @param freeBytes  of the disk
    public record Room(long ownBytes, long limitBytes, long freeBytes) {}

    /// One data directory and its spool.
    ///
    /// @param stopped     why nothing is taken from or shipped for it; empty where it works
    /// @param ready       blocks that wait to be shipped or for a receipt
    /// @param incoming    blocks that wait to be sealed
    /// @param waitingBytes of all these
    /// @param awaiting    of `ready`: sent whole, receipt outstanding; counted among `items` only
    /// @param future      blocks whose times are in the future by the store's clock
    /// @param room        empty where no agent runs that has looked
    /// @param items       the first of them, in the order in which they go
    /// @param held        blocks that can be neither shipped nor forgotten, with the reason
    /// @param lossRecords how many there are
    /// @param losses      the newest of them
    public record Source(
            String path,
            String spool,
            String incarnation,
            Optional<String> stopped,
            int ready,
            int incoming,
            long waitingBytes,
            int awaiting,
            int future,
            Optional<Room> room,
            List<Item> items,
            Optional<Shipped> lastShipped,
            int quarantined,
            List<Aside> quarantine,
            SortedMap<String, String> held,
            int lossRecords,
            List<Aside> losses) {
        public Source {
            items = List.copyOf(items);
            quarantine = List.copyOf(quarantine);
            held = Collections.unmodifiableSortedMap(new TreeMap<>(held));
            losses = List.copyOf(losses);
        }

        public Source with(List<Item> others) {
            return new Source(
                    path,
                    spool,
                    incarnation,
                    stopped,
                    ready,
                    incoming,
                    waitingBytes,
                    awaiting,
                    future,
                    room,
                    others,
                    lastShipped,
                    quarantined,
                    quarantine,
                    held,
                    lossRecords,
                    losses);
        }
    }

    /// Where a block stands.
    public enum Stage {
        /// Its bytes are on the way.
        SENDING,
        /// It waits for its turn.
        READY,
        /// Every byte was sent; the centre has not answered.
        AWAITING_RECEIPT,
        /// It was taken and waits to be sealed.
        INCOMING
    }

    /// A block that waits.
    ///
    /// @param from      of its samples; empty where that is not known yet
    /// @param until     exclusive
    /// @param sentBytes what the bucket confirmed
    /// @param doneAt    estimated, by the store's clock
    public record Item(
            String block,
            Stage stage,
            Optional<Instant> from,
            Optional<Instant> until,
            long sizeBytes,
            long sentBytes,
            Optional<Instant> doneAt) {
        /// 0 to 100.
        public int percent() {
            return sizeBytes <= 0 ? 0 : (int) Math.clamp(100.0 * sentBytes / sizeBytes, 0, 100);
        }

        public long leftBytes() {
            return Math.max(0, sizeBytes - sentBytes);
        }
    }

    /// @param at by the store's clock
    public record Shipped(String block, Instant at) {}

    /// A block in quarantine, or one that was lost.
    ///
    /// @param reason as in the loss record, in lower case: `corrupt`
    /// @param from   of its samples; empty where not even that could be read
    public record Aside(String block, String reason, String detail, Optional<Instant> from, Optional<Instant> until) {}

    /// Bytes of HTTP in one hour.
    public record Hour(long sentBytes, long receivedBytes) {}

    /// Blocks of all sources that are not shipped.
    public int waiting() {
        return sources.stream()
                .mapToInt(source -> source.ready() + source.incoming())
                .sum();
    }

    public long waitingBytes() {
        return sources.stream().mapToLong(Source::waitingBytes).sum();
    }

    public int awaiting() {
        return sources.stream().mapToInt(Source::awaiting).sum();
    }
}
