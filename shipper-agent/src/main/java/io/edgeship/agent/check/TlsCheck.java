package io.edgeship.agent.check;

import io.edgeship.bucket.StoreClock;
import io.edgeship.bucket.s3.S3Settings;
import io.edgeship.bucket.s3.TlsProbe;
import java.time.Duration;
import java.time.Instant;

/// Whether the way to the store is private, and for how long its certificate holds.
final class TlsCheck {
    private static final int DAYS_GOOD = 14;

    private TlsCheck() {}

    /// Never by this machine's clock, as the agent does it.
    static Finding look(S3Settings settings, StoreClock clock) {
        if (settings.insecure()) {
            return plain();
        }
        Instant least = clock.certificates().atLeast();
        Day day = clock.now()
                .map(told -> new Day(told.isBefore(least) ? least : told, true))
                .orElse(new Day(least, false));
        return judge(
                TlsProbe.of(settings, clock.certificates()), settings.http().insecureSkipVerify(), day);
    }

    /// Which day it is.
    ///
    /// @param told by the store; else it may be later
    record Day(Instant time, boolean told) {}

    static Finding plain() {
        return Finding.warn(
                Check.TLS,
                "http: whoever is on the way reads every sample and can replace it",
                "take insecure: true out of objstore.yml, unless a VPN lies between");
    }

    static Finding judge(TlsProbe.Result found, boolean unchecked, Day day) {
        return switch (found) {
            case TlsProbe.Result.Unreachable(var why) -> Finding.skip(Check.TLS, "no connection: " + why);
            case TlsProbe.Result.Untrusted(var why, var certificate) ->
                Finding.fail(
                        Check.TLS,
                        "certificate of %s is not trusted: %s".formatted(certificate, why),
                        "set http_config.tls_config.ca_file to the authority's certificate; if it expired, renew it");
            case TlsProbe.Result.Trusted trusted -> trusted(trusted, unchecked, day);
        };
    }

    private static Finding trusted(TlsProbe.Result.Trusted found, boolean unchecked, Day day) {
        String whose = "certificate of %s by %s".formatted(found.subject(), found.issuer());
        if (found.until().isBefore(day.time())) {
            return Finding.fail(Check.TLS, "%s expired on %s".formatted(whose, found.until()), "renew it at the store");
        }
        long days = Duration.between(day.time(), found.until()).toDays();
        String text = day.told()
                ? "%s holds for %d days more".formatted(whose, days)
                : "%s holds until %s; the store did not tell what day it is".formatted(whose, found.until());
        if (unchecked) {
            return Finding.warn(
                    Check.TLS,
                    text + ", but is not checked (insecure_skip_verify): anybody may claim to be the store",
                    "set http_config.tls_config.ca_file instead");
        }
        if (!day.told()) {
            return Finding.warn(Check.TLS, text, "see why the store refuses requests, then check again");
        }
        return days < DAYS_GOOD
                ? Finding.warn(Check.TLS, text, "renew it at the store, or see why its renewal does not run")
                : Finding.pass(Check.TLS, text);
    }
}
