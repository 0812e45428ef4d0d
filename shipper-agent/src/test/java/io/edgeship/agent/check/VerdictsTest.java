package io.edgeship.agent.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.agent.check.Finding.Verdict;
import io.edgeship.agent.check.Probe.Result;
import io.edgeship.block.tsdb.chunks.Encoding;
import io.edgeship.bucket.Capabilities;
import io.edgeship.bucket.s3.TlsProbe;
import io.edgeship.queue.quota.OnFull;
import io.edgeship.queue.quota.SpoolLimits;
import io.edgeship.runtime.http.ListenAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Facts in, a verdict and its fix out.
class VerdictsTest {
    private static final Path DATA = Path.of("/prometheus");
    private static final long MIB = 1 << 20;

    @Test
    void aDirectoryWithoutAWalIsNoDataDirectory() {
        assertFinding(PathCheck.judge(new PathCheck.Facts(true, true, true, Optional.empty())), Verdict.PASS, "");
        assertFinding(
                PathCheck.judge(new PathCheck.Facts(true, true, false, Optional.of("prometheus-db"))),
                Verdict.FAIL,
                "subPath: prometheus-db");
        assertFinding(
                PathCheck.judge(new PathCheck.Facts(true, true, false, Optional.empty())), Verdict.FAIL, "subPath");
        assertFinding(
                PathCheck.judge(new PathCheck.Facts(true, false, false, Optional.empty())),
                Verdict.FAIL,
                "no directory");
        assertFinding(
                PathCheck.judge(new PathCheck.Facts(false, false, false, Optional.empty())),
                Verdict.FAIL,
                "does not exist");
        assertFinding(PathCheck.access(true, false, false), Verdict.FAIL, "readOnly");
        assertFinding(PathCheck.access(true, false, true), Verdict.WARN, "spool.path");
        assertFinding(PathCheck.access(false, false, true), Verdict.FAIL, "runAsUser");
    }

    @Test
    void anotherOwnerForbidsLinks() {
        assertFinding(UidCheck.judge(new UidCheck.Facts(1000, 1000, true)), Verdict.PASS, "uid 1000");
        assertFinding(UidCheck.judge(new UidCheck.Facts(10001, 1000, true)), Verdict.FAIL, "as uid 1000");
        assertFinding(UidCheck.judge(new UidCheck.Facts(10001, 1000, false)), Verdict.WARN, "protected_hardlinks");
        assertFinding(UidCheck.judge(new UidCheck.Facts(0, 1000, true)), Verdict.WARN, "root");
    }

    @Test
    void anotherMountCostsCopies() {
        assertFinding(LinkCheck.judge(new LinkCheck.Facts(Optional.empty(), MIB)), Verdict.PASS, "linked");
        assertFinding(
                LinkCheck.judge(new LinkCheck.Facts(Optional.of("Invalid cross-device link"), MIB)),
                Verdict.WARN,
                "1.00 MiB a day");
        assertFinding(
                LinkCheck.judge(new LinkCheck.Facts(Optional.of("Operation not permitted"), MIB)),
                Verdict.FAIL,
                "not permitted");
    }

    @ParameterizedTest
    @CsvSource({
        "ext4, 2147483648, false, 100000, PASS, PASS, PASS",
        "xfs, 536870912, false, 20000, WARN, PASS, WARN",
        "tmpfs, 1048576, false, 10, FAIL, WARN, FAIL",
        "nfs4, 2147483648, true, 100000, FAIL, WARN, PASS",
        "vfat, 2147483648, false, , PASS, WARN, SKIP",
    })
    void aDiskIsJudgedBySpaceKindAndInodes(
            String type, long free, boolean readOnly, Long inodes, Verdict space, Verdict kind, Verdict left) {
        List<Finding> findings = DiskCheck.judge(
                new DiskCheck.Facts(free, 4 * free, readOnly, type, Optional.ofNullable(inodes), SpoolLimits.NONE));
        assertThat(findings).extracting(Finding::verdict).containsExactly(space, kind, left);
    }

    @Test
    void aDiskIsJudgedByWhatTheSpoolMayTakeOfIt() {
        assertFinding(disk(4000, new SpoolLimits(0, 4001 * MIB, OnFull.STOP)), Verdict.FAIL, "one block at a time");
        assertFinding(disk(4000, new SpoolLimits(0, 4001 * MIB, OnFull.OLDEST)), Verdict.FAIL, "are given up");
        assertFinding(disk(4000, new SpoolLimits(0, 4001 * MIB, OnFull.THIN)), Verdict.FAIL, "are thinned");
        assertFinding(disk(4000, new SpoolLimits(9500 * MIB, 500 * MIB, OnFull.STOP)), Verdict.PASS, "free");
        assertFinding(disk(4000, new SpoolLimits(9501 * MIB, 500 * MIB, OnFull.STOP)), Verdict.WARN, "spool.max_bytes");
    }

    private static Finding disk(long freeMiB, SpoolLimits limits) {
        return DiskCheck.judge(
                        new DiskCheck.Facts(freeMiB * MIB, 10_000 * MIB, false, "ext4", Optional.empty(), limits))
                .getFirst();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "3.9.0, /prometheus/thanos.shipper.json, /prometheus, 2h, PASS, PASS, PASS",
                "3.14.1, /data/thanos.shipper.json, /data, 1d, PASS, PASS, PASS",
                "3.9.0, thanos.shipper.json, ., 1d, PASS, FAIL, WARN",
                "3.9.0, /elsewhere/thanos.shipper.json, /prometheus, 1d, PASS, FAIL, WARN",
                "3.9.0, -, /prometheus, 1d, PASS, WARN, WARN",
                "3.8.1, -, /prometheus, 1d, WARN, SKIP, WARN",
                "2.53.0, -, /prometheus, 2h, WARN, SKIP, PASS",
            })
    void prometheusShallWaitForTheAgent(
            String version, String flag, String own, String max, Verdict old, Verdict delay, Verdict compaction) {
        Map<String, String> flags =
                new java.util.TreeMap<>(Map.of("storage.tsdb.path", own, "storage.tsdb.max-block-duration", max));
        if (flag != null) {
            flags.put("storage.tsdb.delay-compact-file.path", flag);
        }
        PrometheusFacts facts = new PrometheusFacts(Optional.empty(), version, flags, "15d", Map.of());
        assertThat(PrometheusCheck.judge(facts, DATA))
                .extracting(Finding::verdict)
                .containsExactly(old, delay, compaction);
    }

    @Test
    void aPrometheusThatIsNotAskedIsAWarningAndNoGuess() {
        assertThat(PrometheusCheck.judge(PrometheusFacts.silent("sources[].url is not set"), DATA))
                .extracting(Finding::verdict)
                .containsExactly(Verdict.WARN, Verdict.SKIP, Verdict.SKIP);
    }

    @ParameterizedTest
    @CsvSource({
        "15d, PASS, 15",
        "7d or 8GiB, WARN, 7",
        "100d or 500MiB, WARN, 5",
        "12h, FAIL, 0.5",
        "10%, WARN, 10",
        "100%, PASS, 100"
    })
    void retentionIsHeldAgainstThePromise(String retention, Verdict verdict, double days) {
        RetentionCheck.Facts facts = new RetentionCheck.Facts(
                retention, 100 * MIB, 2, new RetentionCheck.Disk(1 << 30, 10_000 * MIB, SpoolLimits.NONE), 14);
        assertThat(RetentionCheck.retentionDays(facts)).isEqualTo(days);
        assertFinding(RetentionCheck.retention(facts), verdict, "14 days offline");
    }

    @Test
    void theDiskHasToHoldWhatIsPromised() {
        assertFinding(RetentionCheck.room(facts(2, 1300)), Verdict.PASS, "room for 15.0 days");
        assertFinding(RetentionCheck.room(facts(14, 200)), Verdict.PASS, "room for 16.0 days");
        assertFinding(RetentionCheck.room(facts(2, 1000)), Verdict.WARN, "room for 12.0 days");
        assertFinding(RetentionCheck.room(facts(14, 50)), Verdict.FAIL, "within a day");
        assertFinding(
                RetentionCheck.room(
                        new RetentionCheck.Facts("", 0, 0, new RetentionCheck.Disk(1, 1, SpoolLimits.NONE), 14)),
                Verdict.SKIP,
                "no block yet");
    }

    @ParameterizedTest
    @CsvSource({
        "15d, 0, 600, WARN, room for 9.0 days",
        "15d, 0, 1251, FAIL, within a day",
        "15d, 1, 0, PASS, room for",
        "10d, 400, 0, PASS, room for",
        "10d, 399, 0, WARN, last for 14.0 days offline only",
        "12h, 1000, 0, WARN, raise spool.max_bytes to 1.32 GiB",
        "'', 1400, 0, PASS, room for",
        "'', 1300, 0, WARN, last for 13.0 days offline only",
    })
    void theSpoolMayTakeLessThanTheDiskHas(
            String retention, long maxMiB, long minFreeMiB, Verdict verdict, String words) {
        SpoolLimits limits = new SpoolLimits(maxMiB * MIB, minFreeMiB * MIB, OnFull.STOP);
        RetentionCheck.Disk disk = new RetentionCheck.Disk((minFreeMiB > 0 ? 1300 : 5000) * MIB, 10_000 * MIB, limits);
        assertFinding(RetentionCheck.room(new RetentionCheck.Facts(retention, 100 * MIB, 2, disk, 14)), verdict, words);
    }

    private static RetentionCheck.Facts facts(double heldDays, long freeMiB) {
        return new RetentionCheck.Facts(
                "15d", 100 * MIB, heldDays, new RetentionCheck.Disk(freeMiB * MIB, 1 << 30, SpoolLimits.NONE), 14);
    }

    @Test
    void labelsTellOneSourceFromTheOther() {
        LabelsCheck.Facts a = new LabelsCheck.Facts("/a", Map.of("replica", "a"), Optional.empty(), false);
        LabelsCheck.Facts b = new LabelsCheck.Facts("/b", Map.of(), Optional.of(Map.of("replica", "b")), true);
        LabelsCheck.Facts twin = new LabelsCheck.Facts("/c", Map.of(), Optional.of(Map.of("replica", "a")), true);
        LabelsCheck.Facts clash = new LabelsCheck.Facts("/d", Map.of("site", "other"), Optional.empty(), false);
        LabelsCheck.Facts silent = new LabelsCheck.Facts("/e", Map.of(), Optional.empty(), true);
        LabelsCheck.Facts bare = new LabelsCheck.Facts("/f", Map.of(), Optional.of(Map.of()), true);
        assertThat(LabelsCheck.judge(List.of(a, b, twin, clash, silent), "site", "gh"))
                .extracting(Finding::verdict)
                .containsExactly(Verdict.PASS, Verdict.PASS, Verdict.FAIL, Verdict.FAIL, Verdict.WARN);
        assertFinding(
                LabelsCheck.judge(List.of(bare), "site", "gh").getFirst(), Verdict.WARN, "{site=gh} and no other");
    }

    @Test
    void kindsOfBlocksSayWhatSealingDoes() {
        assertFinding(BlocksCheck.judge(BlocksOnDisk.NONE), Verdict.WARN, "none yet");
        BlocksOnDisk blocks = new BlocksOnDisk(
                9, MIB, 1, 1, 2, 3, EnumSet.of(Encoding.XOR, Encoding.XOR2), Optional.of(DATA.resolve("x")));
        assertThat(BlocksCheck.judge(blocks).text())
                .contains("9 block(s), 1.00 MiB", "1 of out-of-order", "2 with deleted", "3 merged", "[xor2]");
    }

    @Test
    void whatListensThereIsNobodyOrOurs() {
        ListenAddress at = new ListenAddress("127.0.0.1", 10902);
        assertFinding(HttpCheck.judge(new HttpCheck.Holder.Nobody(), at), Verdict.PASS, "is free");
        assertFinding(HttpCheck.judge(new HttpCheck.Holder.Agent(), at), Verdict.PASS, "an agent answers");
        assertFinding(HttpCheck.judge(new HttpCheck.Holder.Locked(), at), Verdict.PASS, "who asks");
        assertFinding(HttpCheck.judge(new HttpCheck.Holder.Other("why"), at), Verdict.FAIL, "why");
        assertFinding(HttpCheck.judge(new HttpCheck.Holder.Unusable("why"), at), Verdict.FAIL, "cannot start: why");
    }

    @ParameterizedTest
    @EnumSource(Result.class)
    void permissionsAreJudgedByWhatTheyAreFor(Result result) {
        Probe probe = new Probe(result, "words");
        Verdict needed =
                PermissionVerdicts.needed(Check.S3_PUT, probe, "putting").verdict();
        Verdict forbidden = PermissionVerdicts.forbidden(Check.S3_MARKS, probe, "marking", "harm")
                .verdict();
        Verdict optional =
                PermissionVerdicts.optional(Check.S3_LIST, probe, "listing").verdict();
        Verdict there = PermissionVerdicts.reading(Check.S3_GET, probe, "reading", true, "w")
                .verdict();
        Verdict unknown = PermissionVerdicts.reading(Check.S3_GET, probe, "reading", false, "w")
                .verdict();
        List<Verdict> verdicts = List.of(needed, forbidden, optional, there, unknown);
        assertThat(verdicts)
                .isEqualTo(
                        switch (result) {
                            case DONE -> List.of(Verdict.PASS, Verdict.WARN, Verdict.PASS, Verdict.PASS, Verdict.PASS);
                            case DENIED ->
                                List.of(Verdict.FAIL, Verdict.PASS, Verdict.PASS, Verdict.WARN, Verdict.SKIP);
                            case MISSING ->
                                List.of(Verdict.FAIL, Verdict.WARN, Verdict.PASS, Verdict.WARN, Verdict.PASS);
                            case HELD_BACK ->
                                List.of(Verdict.SKIP, Verdict.SKIP, Verdict.SKIP, Verdict.SKIP, Verdict.SKIP);
                            case FAILED ->
                                List.of(Verdict.FAIL, Verdict.SKIP, Verdict.WARN, Verdict.FAIL, Verdict.FAIL);
                        });
    }

    @Test
    void aWrongClockIsNeverAFailure() {
        assertThat(StoreChecks.clock(Optional.of(Duration.ofSeconds(-59))).verdict())
                .isEqualTo(Verdict.PASS);
        assertFinding(StoreChecks.clock(Optional.of(Duration.ofDays(-9000))), Verdict.WARN, "9000d behind the store");
        assertFinding(StoreChecks.clock(Optional.of(Duration.ofMinutes(1))), Verdict.WARN, "1m ahead of");
        assertFinding(StoreChecks.clock(Optional.empty()), Verdict.WARN, "did not tell");
    }

    @Test
    void theStoreAndTheLinkAreMeasured() {
        assertThat(StoreChecks.capabilities(Capabilities.UNKNOWN).verdict()).isEqualTo(Verdict.PASS);
        Capabilities unchecked =
                new Capabilities(Capabilities.Support.YES, Capabilities.Support.YES, Capabilities.Support.NO);
        assertThat(StoreChecks.capabilities(unchecked).verdict()).isEqualTo(Verdict.WARN);
        assertFinding(
                StoreChecks.throughput(1_000_000_000, 40_000 * MIB, "counted"), Verdict.PASS, "1.00 MiB a second");
        assertFinding(
                StoreChecks.throughput(10_000_000_000L, 40_000 * MIB, ""), Verdict.WARN, "more than that carries");
    }

    @Test
    void aCertificateIsTrustedAndHoldsForAWhile() {
        Instant today = Instant.parse("2026-11-25T00:00:00Z");
        TlsCheck.Day now = new TlsCheck.Day(today, true);
        TlsProbe.Result good = new TlsProbe.Result.Trusted("CN=s3", "CN=ca", today.plus(Duration.ofDays(30)));
        TlsProbe.Result old = new TlsProbe.Result.Trusted("CN=s3", "CN=ca", today.plus(Duration.ofDays(13)));
        assertFinding(TlsCheck.judge(good, false, now), Verdict.PASS, "30 days");
        assertFinding(TlsCheck.judge(old, false, now), Verdict.WARN, "13 days");
        assertFinding(TlsCheck.judge(good, true, now), Verdict.WARN, "insecure_skip_verify");
        assertFinding(
                TlsCheck.judge(new TlsProbe.Result.Untrusted("expired", "CN=s3"), false, now), Verdict.FAIL, "ca_file");
        assertFinding(
                TlsCheck.judge(new TlsProbe.Result.Unreachable("no route"), false, now), Verdict.SKIP, "no route");
        assertThat(TlsCheck.plain().verdict()).isEqualTo(Verdict.WARN);
        TlsProbe.Result over = new TlsProbe.Result.Trusted("CN=s3", "CN=ca", today.minusSeconds(1));
        assertFinding(TlsCheck.judge(over, false, now), Verdict.FAIL, "expired on 2026-11-24T23:59:59Z");
    }

    @Test
    void whereTheStoreDoesNotTellTheTimeOnlyWhatIsOverForSureIsCalledSo() {
        Instant built = Instant.parse("2026-11-25T00:00:00Z");
        TlsCheck.Day least = new TlsCheck.Day(built, false);
        TlsProbe.Result later = new TlsProbe.Result.Trusted("CN=s3", "CN=ca", built.plus(Duration.ofDays(1)));
        TlsProbe.Result over = new TlsProbe.Result.Trusted("CN=s3", "CN=ca", built.minusSeconds(1));
        assertFinding(TlsCheck.judge(later, false, least), Verdict.WARN, "until 2026-11-26T00:00:00Z");
        assertFinding(TlsCheck.judge(over, false, least), Verdict.FAIL, "expired on");
    }

    /// Who is told that something is wrong is told what to do; who is told that it is well is not.
    private static void assertFinding(Finding finding, Verdict verdict, String words) {
        assertThat(finding.verdict()).as(finding.line()).isEqualTo(verdict);
        assertThat(finding.line()).contains(words);
        boolean wrong = Set.of(Verdict.WARN, Verdict.FAIL).contains(verdict);
        assertThat(finding.fix().isEmpty()).as(finding.line()).isEqualTo(!wrong);
    }
}
