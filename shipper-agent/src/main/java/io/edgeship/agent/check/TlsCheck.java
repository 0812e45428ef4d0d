package io.edgeship.agent.check;

import io.edgeship.bucket.s3.S3Settings;
import io.edgeship.bucket.s3.TlsProbe;
import java.time.Duration;
import java.time.Instant;

/// Whether the way to the store is private, and for how long its certificate holds.
final class TlsCheck {
    private static final int DAYS_GOOD = 14;

    private TlsCheck() {}

    static Finding look(S3Settings settings, Instant now) {
        return settings.insecure()
                ? plain()
                : judge(TlsProbe.of(settings), settings.http().insecureSkipVerify(), now);
    }

    static Finding plain() {
        return Finding.warn(
                Check.TLS,
                "http: whoever is on the way reads every sample and can replace it",
                "take insecure: true out of objstore.yml, unless a VPN lies between");
    }

    static Finding judge(TlsProbe.Result found, boolean unchecked, Instant now) {
        return switch (found) {
            case TlsProbe.Result.Unreachable(var why) -> Finding.skip(Check.TLS, "no connection: " + why);
            case TlsProbe.Result.Untrusted(var why, var certificate) ->
                Finding.fail(
                        Check.TLS,
                        "certificate of %s is not trusted: %s".formatted(certificate, why),
                        "set http_config.tls_config.ca_file to the authority's certificate; if it expired, renew it");
            case TlsProbe.Result.Trusted(var subject, var issuer, var until) -> {
                long days = Duration.between(now, until).toDays();
                String text = "certificate of %s by %s holds for %d days more".formatted(subject, issuer, days);
                if (until.isBefore(now)) {
                    yield Finding.fail(
                            Check.TLS,
                            "certificate of %s by %s expired on %s".formatted(subject, issuer, until),
                            "renew it at the store; if it did not expire, this box' clock is wrong");
                }
                if (unchecked) {
                    yield Finding.warn(
                            Check.TLS,
                            text + ", but is not checked (insecure_skip_verify): anybody may claim to be the store",
                            "set http_config.tls_config.ca_file instead");
                }
                yield days < DAYS_GOOD
                        ? Finding.warn(Check.TLS, text, "renew it at the store, or see why its renewal does not run")
                        : Finding.pass(Check.TLS, text);
            }
        };
    }
}
