package io.edgeship.bucket.s3;

import io.edgeship.bucket.StoreClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.auth.aws.scheme.AwsV4AuthScheme;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.AsyncSignRequest;
import software.amazon.awssdk.http.auth.spi.signer.AsyncSignedRequest;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.identity.spi.IdentityProviders;

/// Signs requests with the store's time (I6), and knows whether a refusal came of the time that was signed with. The
/// SDK can correct its clock too, but by the wall clock, and so goes wrong when that jumps. Thread-safe.
final class Signing implements AwsV4AuthScheme, AwsV4HttpSigner, ExecutionInterceptor {
    /// Stores allow a quarter of an hour.
    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    private static final Set<String> OF_TIME = Set.of("RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture");
    private static final Set<Integer> REFUSALS = Set.of(400, 401, 403);

    /// Of the request that a thread sent last; the SDK makes all its tries on the caller's thread.
    private static final ThreadLocal<Instant> SIGNED_AT = new ThreadLocal<>();

    private static final ThreadLocal<Boolean> WAS_OFF = new ThreadLocal<>();

    private final StoreClock clock;
    private final AwsV4AuthScheme sdkScheme = AwsV4AuthScheme.create();

    Signing(StoreClock clock) {
        this.clock = clock;
    }

    @Override
    public SignedRequest sign(SignRequest<? extends AwsCredentialsIdentity> request) {
        Instant time = clock.bestTime();
        SIGNED_AT.set(time);
        WAS_OFF.set(false);
        return sdkScheme
                .signer()
                .sign(request.copy(r -> r.putProperty(SIGNING_CLOCK, Clock.fixed(time, ZoneOffset.UTC))));
    }

    @Override
    public CompletableFuture<AsyncSignedRequest> signAsync(AsyncSignRequest<? extends AwsCredentialsIdentity> request) {
        throw new UnsupportedOperationException("requests are sent by the thread that makes them");
    }

    /// Tells the clock what each reply's `Date` says, errors included.
    @Override
    public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
        ReplyDate.of(context.httpResponse()).ifPresent(date -> {
            clock.saw(date);
            Instant signed = SIGNED_AT.get();
            WAS_OFF.set(signed != null && Duration.between(signed, date).abs().compareTo(TOLERANCE) > 0);
        });
    }

    /// Whether this thread's last request was refused for the time that it was signed with: then it is worth signing
    /// again. A refusal of a HEAD says no more than its status.
    boolean isRefusedForTime(Throwable failure) {
        if (!(failure instanceof AwsServiceException refused)) {
            return false;
        }
        boolean named = refused.awsErrorDetails() != null
                && OF_TIME.contains(String.valueOf(refused.awsErrorDetails().errorCode()));
        return named || (REFUSALS.contains(refused.statusCode()) && Boolean.TRUE.equals(WAS_OFF.get()));
    }

    @Override
    public String schemeId() {
        return sdkScheme.schemeId();
    }

    @Override
    public IdentityProvider<AwsCredentialsIdentity> identityProvider(IdentityProviders providers) {
        return sdkScheme.identityProvider(providers);
    }

    @Override
    public AwsV4HttpSigner signer() {
        return this;
    }
}
