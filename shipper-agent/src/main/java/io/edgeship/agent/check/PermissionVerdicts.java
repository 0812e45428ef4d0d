package io.edgeship.agent.check;

import io.edgeship.agent.check.Probe.Result;

/// Judges what the credentials may do, one request at a time. The agent works or it does not; what it does without is
/// a remark; what it must not be able to do is a warning (I8).
final class PermissionVerdicts {
    private PermissionVerdicts() {}

    private static final String POLICY =
            "give the site's key the policy of deploy/objstore that belongs to its transport";
    private static final String LINK = "see whether the endpoint, the bucket's name and the link are right";

    /// Without it nothing is shipped.
    static Finding needed(Check check, Probe probe, String what) {
        return switch (probe.result()) {
            case DONE -> Finding.pass(check, what + " is allowed");
            case DENIED -> Finding.fail(check, what + " is denied: " + probe.words(), POLICY);
            case MISSING -> Finding.fail(check, what + " found nothing: " + probe.words(), LINK);
            case HELD_BACK -> Finding.skip(check, probe.words());
            case FAILED -> Finding.fail(check, what + " failed: " + probe.words(), LINK);
        };
    }

    /// Reading what may not be there: who may read and not list is told 403 by AWS for what is not there.
    static Finding reading(Check check, Probe probe, String what, boolean isThere, String without) {
        return switch (probe.result()) {
            case DONE -> Finding.pass(check, what + " is allowed");
            case MISSING ->
                isThere
                        ? Finding.warn(
                                check,
                                what + ": what was shipped is not there: " + probe.words(),
                                "see edgeship queue reship")
                        : Finding.pass(check, what + " is allowed");
            case DENIED ->
                isThere
                        ? Finding.warn(check, what + " is denied: " + without, POLICY)
                        : Finding.skip(
                                check,
                                what
                                        + " answers 403, which stores also say of what is not there where nobody may list; "
                                        + "look again once a block was shipped");
            case HELD_BACK -> Finding.skip(check, probe.words());
            case FAILED -> Finding.fail(check, what + " failed: " + probe.words(), LINK);
        };
    }

    /// The agent gets by without, and nothing is wrong with having it.
    static Finding optional(Check check, Probe probe, String what) {
        return switch (probe.result()) {
            case DONE, MISSING -> Finding.pass(check, what + " is allowed; the agent gets by without");
            case DENIED -> Finding.pass(check, what + " is denied; the agent gets by without");
            case HELD_BACK -> Finding.skip(check, probe.words());
            case FAILED -> Finding.warn(check, what + " failed: " + probe.words(), LINK);
        };
    }

    /// A stolen box could do harm with it.
    static Finding forbidden(Check check, Probe probe, String what, String harm) {
        return switch (probe.result()) {
            case DENIED -> Finding.pass(check, what + " is forbidden, as it should be");
            case DONE, MISSING ->
                Finding.warn(check, "%s is allowed: whoever steals the box can %s".formatted(what, harm), POLICY);
            case HELD_BACK -> Finding.skip(check, probe.words());
            case FAILED -> Finding.skip(check, what + " could not be tried: " + probe.words());
        };
    }

    static boolean isDone(Probe probe) {
        return probe.result() == Result.DONE;
    }
}
