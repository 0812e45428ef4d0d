package io.edgeship.agent.check;

import io.edgeship.block.BlockId;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Tries each request that the agent makes, and some that it must not be able to make. Objects are put under one fixed
/// key of the agent's own only, which the agent itself uses too; whether others could be put is asked by beginning an
/// upload, which needs the same permission, and giving it up.
final class PermissionCheck {
    /// Stands for a block that never was.
    static final BlockId NO_BLOCK = BlockId.parse("0000000000EDGESH1PCHECK000");

    /// Stands for a chunk that never was.
    private static final String NO_CHUNK = "edgeship-check/0/0:0:0";

    private static final byte[] SMALL = "edgeship check".getBytes(StandardCharsets.US_ASCII);

    private final Bucket bucket;
    private final String site;
    private final String incarnation;
    private final Optional<BlockId> shipped;
    private final List<Finding> findings = new ArrayList<>();

    /// @param shipped a block that the bucket confirmed under this name, if there is one
    PermissionCheck(Bucket bucket, String site, String incarnation, Optional<BlockId> shipped) {
        this.bucket = bucket;
        this.site = site;
        this.incarnation = incarnation;
        this.shipped = shipped;
    }

    String probeKey() {
        return folder() + "probe";
    }

    private String folder() {
        return BucketLayout.SITES + site + "/" + incarnation + "/";
    }

    List<Finding> run(boolean inbox) {
        findings.clear();
        Probe put = Probe.of(() -> bucket.put(probeKey(), Body.of(SMALL)));
        findings.add(PermissionVerdicts.needed(Check.S3_PUT, put, "putting " + probeKey()));
        if (put.result() == Probe.Result.FAILED || put.result() == Probe.Result.HELD_BACK) {
            return List.copyOf(findings); // the others would fare no better
        }
        if (inbox) {
            inbox();
        } else {
            plain();
        }
        Probe list = Probe.of(() -> bucket.list(folder(), null, null, 1));
        findings.add(PermissionVerdicts.optional(Check.S3_LIST, list, "listing"));
        forbidden();
        return List.copyOf(findings);
    }

    /// For the bucket of the logs.
    List<Finding> ofLogs(boolean inbox) {
        findings.clear();
        Probe put = Probe.of(() -> bucket.put(probeKey(), Body.of(SMALL)));
        findings.add(PermissionVerdicts.needed(Check.S3_PUT, put, "putting " + probeKey()));
        if (put.result() == Probe.Result.FAILED || put.result() == Probe.Result.HELD_BACK) {
            return List.copyOf(findings);
        }
        if (inbox) {
            inbox();
        } else {
            Probe chunk = begun(NO_CHUNK);
            findings.add(PermissionVerdicts.needed(Check.S3_PUT, chunk, "putting a chunk like " + NO_CHUNK));
        }
        ofOthers();
        return List.copyOf(findings);
    }

    /// For a directory, where no policy is.
    List<Finding> putOnly() {
        Probe put = Probe.of(() -> bucket.put(probeKey(), Body.of(SMALL)));
        return List.of(PermissionVerdicts.needed(Check.S3_PUT, put, "putting " + probeKey()));
    }

    private void inbox() {
        String pieces = BucketLayout.itemPrefix(site, incarnation, NO_BLOCK);
        Probe piece = begun(pieces + "manifest.pb");
        if (piece.result() == Probe.Result.DENIED) {
            findings.add(PermissionVerdicts.needed(Check.S3_PUT, piece, "putting below " + pieces));
        }
        String receipt = BucketLayout.receiptKey(site, incarnation, shipped.orElse(NO_BLOCK));
        // The centre removes receipts that nobody needs, so even that of a shipped block may be gone.
        findings.add(PermissionVerdicts.reading(
                Check.S3_GET, get(receipt), "reading a receipt", false, "the spool never lets go"));
    }

    private void plain() {
        String meta = BucketLayout.metaKey(shipped.orElse(NO_BLOCK));
        String without = "blocks are not compared with the bucket after they were sent";
        findings.add(
                PermissionVerdicts.reading(Check.S3_GET, get(meta), "reading a block", shipped.isPresent(), without));
        Probe head = Probe.of(() -> {
            if (bucket.head(meta).isEmpty()) {
                throw new BucketException.NotFound(meta, null);
            }
        });
        findings.add(
                PermissionVerdicts.reading(Check.S3_HEAD, head, "looking at a block", shipped.isPresent(), without));
        multipart(BucketLayout.key(NO_BLOCK, "index"));
    }

    private Probe get(String key) {
        return Probe.of(() -> {
            try (InputStream in = bucket.get(key)) {
                in.readNBytes(1);
            }
        });
    }

    /// On a block that never was, which stays so: the upload is given up.
    private void multipart(String key) {
        String[] upload = new String[1];
        Probe create = Probe.of(() -> upload[0] = bucket.createUpload(key));
        findings.add(PermissionVerdicts.needed(Check.S3_MULTIPART_CREATE, create, "beginning an upload in parts"));
        if (!PermissionVerdicts.isDone(create)) {
            return;
        }
        Probe send = Probe.of(() -> bucket.uploadPart(key, upload[0], 1, Body.of(SMALL)));
        findings.add(PermissionVerdicts.needed(Check.S3_MULTIPART_UPLOAD, send, "sending a part"));
        Probe list = Probe.of(() -> bucket.listParts(key, upload[0]));
        findings.add(PermissionVerdicts.needed(Check.S3_MULTIPART_LIST, list, "listing the parts sent"));
        Probe abort = Probe.of(() -> bucket.abortUpload(key, upload[0]));
        findings.add(PermissionVerdicts.needed(Check.S3_MULTIPART_ABORT, abort, "giving an upload up"));
    }

    private void forbidden() {
        marks();
        ofOthers();
    }

    private void marks() {
        findings.add(PermissionVerdicts.forbidden(
                Check.S3_MARKS,
                begun(BucketLayout.key(NO_BLOCK, "deletion-mark.json")),
                "marking a block for deletion",
                "have the centre delete every site's blocks"));
    }

    private void ofOthers() {
        findings.add(PermissionVerdicts.forbidden(
                Check.S3_OTHER_SITES,
                begun(BucketLayout.heartbeatKey(otherSite(), incarnation)),
                "writing below another site's prefix",
                "speak for other sites"));
        findings.add(PermissionVerdicts.forbidden(
                Check.S3_RECEIPTS,
                begun(BucketLayout.receiptKey(site, incarnation, NO_BLOCK)),
                "writing a receipt",
                "make the agent let go of blocks that never arrived"));
        findings.add(PermissionVerdicts.forbidden(
                Check.S3_DELETE, Probe.of(() -> bucket.delete(probeKey())), "deleting", "delete what was shipped"));
    }

    private String otherSite() {
        return site.equals("edgeship-check") ? "edgeship-check-too" : "edgeship-check";
    }

    /// Begins an upload and gives it up, where that is allowed: an upload that stays open is no object, and the centre
    /// collects it.
    private Probe begun(String key) {
        String[] upload = new String[1];
        Probe create = Probe.of(() -> upload[0] = bucket.createUpload(key));
        if (PermissionVerdicts.isDone(create)) {
            Probe.of(() -> bucket.abortUpload(key, upload[0]));
        }
        return create;
    }
}
