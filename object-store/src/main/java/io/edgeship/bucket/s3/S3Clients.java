package io.edgeship.bucket.s3;

import io.edgeship.bucket.Link;
import io.edgeship.bucket.StoreClock;
import io.edgeship.runtime.config.ConfigException;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.TrustManager;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsWebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.utils.AttributeMap;

/// Builds the SDK's client from the settings.
final class S3Clients {
    /// Any region signs alike on a store that has none.
    private static final String REGION_DEFAULT = "us-east-1";

    /// `s3.eu-central-1.amazonaws.com`, `s3.dualstack.eu-central-1.amazonaws.com`
    private static final Pattern REGION_IN_ENDPOINT =
            Pattern.compile("s3[.-](?:dualstack\\.)?([a-z]{2}-[a-z0-9-]+)\\.amazonaws\\.com(?:\\.cn)?(?::\\d+)?");

    private S3Clients() {}

    static S3Client open(S3Settings settings, Link link, StoreClock clock) throws ConfigException {
        String scheme = settings.insecure() ? "http://" : "https://";
        boolean aws = settings.endpoint().endsWith(".amazonaws.com");
        boolean path = switch (settings.lookup()) {
            case PATH -> true;
            case VIRTUAL_HOSTED -> false;
            case AUTO -> !aws;
        };
        Signing signing = new Signing(clock);
        return S3Client.builder()
                .endpointOverride(URI.create(scheme + settings.endpoint()))
                .region(region(settings))
                .credentialsProvider(credentials(settings, clock))
                .serviceConfiguration(S3Configuration.builder()
                        .pathStyleAccessEnabled(path)
                        .chunkedEncodingEnabled(false) // many stores refuse aws-chunked bodies
                        .build())
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .addPlugin(LegacyMd5Plugin.create()) // a batch delete wants Content-MD5 on older stores
                .putAuthScheme(signing)
                .overrideConfiguration(
                        o -> o.retryStrategy(tries(settings, link, signing)).addExecutionInterceptor(signing))
                .httpClientBuilder(new Owned(
                        new WatchedHttpClient(HttpConnections.of(settings, link, clock.certificates()), link)))
                .build();
    }

    /// Makes the SDK close the client with its own: one that it did not build it leaves open.
    private record Owned(SdkHttpClient client) implements SdkHttpClient.Builder<Owned> {
        @Override
        public SdkHttpClient buildWithDefaults(AttributeMap defaults) {
            return client;
        }
    }

    /// Whoever watches the link decides when to try again. Only a request that was refused for the time that it was
    /// signed with is sent once more at once: the refusal told the store's.
    private static RetryStrategy tries(S3Settings settings, Link link, Signing signing) {
        if (link.equals(Link.UNWATCHED)) {
            return AwsRetryStrategy.standardRetryStrategy().toBuilder()
                    .maxAttempts(settings.attemptsMax())
                    .retryOnException(signing::isRefusedForTime)
                    .build();
        }
        return StandardRetryStrategy.builder()
                .useClientDefaults(false)
                .retryOnException(signing::isRefusedForTime)
                .maxAttempts(2)
                .backoffStrategy(BackoffStrategy.retryImmediately())
                .throttlingBackoffStrategy(BackoffStrategy.retryImmediately())
                .build();
    }

    static Region region(S3Settings settings) {
        Matcher named = REGION_IN_ENDPOINT.matcher(settings.endpoint());
        String inEndpoint = named.matches() ? named.group(1) : REGION_DEFAULT;
        return Region.of(settings.region().isEmpty() ? inEndpoint : settings.region());
    }

    private static AwsCredentialsProvider credentials(S3Settings settings, StoreClock clock) throws ConfigException {
        if (!settings.accessKey().isEmpty()) {
            return StaticCredentialsProvider.create(
                    settings.sessionToken().isEmpty()
                            ? AwsBasicCredentials.create(settings.accessKey(), settings.secretKey())
                            : AwsSessionCredentials.create(
                                    settings.accessKey(), settings.secretKey(), settings.sessionToken()));
        }
        if (!settings.stsEndpoint().isEmpty() && System.getenv("AWS_WEB_IDENTITY_TOKEN_FILE") != null) {
            TrustManager[] trust = {TlsMaterial.trust("", clock.certificates())};
            StsClient sts = StsClient.builder()
                    .endpointOverride(URI.create(settings.stsEndpoint()))
                    .region(region(settings))
                    .httpClientBuilder(UrlConnectionHttpClient.builder().tlsTrustManagersProvider(() -> trust))
                    .build();
            return StsWebIdentityTokenFileCredentialsProvider.builder()
                    .stsClient(sts)
                    .build();
        }
        return DefaultCredentialsProvider.builder().build(); // environment, web identity, profile, machine
    }
}
