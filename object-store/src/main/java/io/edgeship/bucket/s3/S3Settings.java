package io.edgeship.bucket.s3;

import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigSection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The `config` of `type: S3`. What each key does is on the page `docs/reference/objstore.md`.
///
/// @param endpoint  `host` or `host:port`, no scheme
/// @param accessKey empty where the credentials come from the environment, a profile or the machine
public record S3Settings(
        String bucket,
        String endpoint,
        String region,
        boolean insecure,
        String accessKey,
        String secretKey,
        String sessionToken,
        boolean awsSdkAuth,
        String stsEndpoint,
        Lookup lookup,
        boolean listVersion1,
        Map<String, String> userMetadata,
        int attemptsMax,
        Http http,
        Encryption encryption) {
    private static final int RETRIES_DEFAULT = 3;
    private static final int RETRIES_MAX = 20;
    private static final int CONNECTIONS_MAX = 100_000;
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    /// How the bucket's name gets into a request.
    public enum Lookup {
        AUTO,
        PATH,
        VIRTUAL_HOSTED
    }

    /// @param caFile replaces the system's authorities, as in Thanos; empty for these
    public record Http(
            Duration responseHeaderTimeout,
            Duration connectTimeout,
            boolean insecureSkipVerify,
            String caFile,
            String certFile,
            String keyFile) {}

    /// Encryption by the store.
    ///
    /// @param type    empty, `SSE-S3`, `SSE-KMS` or `SSE-C`
    /// @param keyFile for `SSE-C`: a file of 32 bytes
    public record Encryption(String type, String kmsKeyId, Map<String, String> kmsContext, String keyFile) {}

    /// The secrets are left out.
    @Override
    public String toString() {
        return "S3Settings[bucket=%s, endpoint=%s, region=%s]".formatted(bucket, endpoint, region);
    }

    /// Where connections to the store go first: to the proxy that the environment names for it, or to the endpoint
    /// itself. Not resolved.
    public InetSocketAddress firstHop() {
        URI uri = URI.create((insecure ? "http://" : "https://") + endpoint);
        int port = uri.getPort() >= 0 ? uri.getPort() : insecure ? HTTP_PORT : HTTPS_PORT;
        return HttpConnections.proxyFor(HttpConnections.proxyOf(this), uri.getHost())
                .orElseGet(() -> InetSocketAddress.createUnresolved(uri.getHost(), port));
    }

    /// The files that the settings name.
    public List<Path> files() {
        return Stream.of(http.caFile(), http.certFile(), http.keyFile(), encryption.keyFile())
                .filter(name -> !name.isEmpty())
                .map(Path::of)
                .toList();
    }

    /// Reads the keys under `config`.
    ///
    /// @throws ConfigException for a value that cannot be used or a wish that cannot be granted, with its line
    public static S3Settings from(ConfigSection config) throws ConfigException {
        refuse(config, "signature_version2", "signature version 4 is the only one");
        refuse(config, "disable_multipart", "large files go in parts");
        refuse(config.section("trace"), "enable", "set log.level to debug instead");
        if (!config.flag("send_content_md5", true)) {
            throw config.wrong("send_content_md5", "false is not supported: what is sent is always checked on arrival");
        }
        config.flag("disable_dualstack", false); // the endpoint is used as it is written
        config.size("part_size", 0); // upload.part_size of the agent decides
        String accessKey = config.text("access_key", "");
        String secretKey = config.text("secret_key", "");
        if (accessKey.isEmpty() != secretKey.isEmpty()) {
            throw config.wrong(accessKey.isEmpty() ? "access_key" : "secret_key", "is missing beside its other half");
        }
        boolean awsSdkAuth = config.flag("aws_sdk_auth", false);
        if (awsSdkAuth && !accessKey.isEmpty()) {
            throw config.wrong("aws_sdk_auth", "excludes access_key");
        }
        String endpoint = config.requiredText("endpoint");
        if (endpoint.contains("/") || !isHost(endpoint)) {
            throw config.wrong("endpoint", "is host:port without a scheme; insecure: true means http");
        }
        long retries = config.integer("max_retries", RETRIES_DEFAULT, 0, RETRIES_MAX);
        return new S3Settings(
                config.requiredText("bucket"),
                endpoint,
                config.text("region", ""),
                config.flag("insecure", false),
                accessKey,
                secretKey,
                config.text("session_token", ""),
                awsSdkAuth,
                config.text("sts_endpoint", ""),
                lookup(config),
                listVersion1(config),
                config.textMap("put_user_metadata"),
                1 + (int) (retries == 0 ? RETRIES_DEFAULT : retries),
                http(config.section("http_config")),
                encryption(config.section("sse_config")));
    }

    private static boolean isHost(String endpoint) {
        try {
            return new URI("https://" + endpoint).getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static void refuse(ConfigSection config, String key, String why) throws ConfigException {
        if (config.flag(key, false)) {
            throw config.wrong(key, "is not supported: " + why);
        }
    }

    private static Lookup lookup(ConfigSection config) throws ConfigException {
        return switch (config.text("bucket_lookup_type", "auto")) {
            case "", "auto" -> Lookup.AUTO;
            case "path" -> Lookup.PATH;
            case "virtual-hosted" -> Lookup.VIRTUAL_HOSTED;
            default -> throw config.wrong("bucket_lookup_type", "is auto, path or virtual-hosted");
        };
    }

    private static boolean listVersion1(ConfigSection config) throws ConfigException {
        return switch (config.text("list_objects_version", "")) {
            case "", "v2" -> false;
            case "v1" -> true;
            default -> throw config.wrong("list_objects_version", "is v1 or v2");
        };
    }

    private static Http http(ConfigSection http) throws ConfigException {
        // Connections are not pooled beyond what the JDK does, so these have nothing to steer.
        http.duration("idle_conn_timeout", Duration.ZERO);
        http.duration("expect_continue_timeout", Duration.ZERO);
        http.integer("max_idle_conns", 0, 0, CONNECTIONS_MAX);
        http.integer("max_idle_conns_per_host", 0, 0, CONNECTIONS_MAX);
        http.integer("max_conns_per_host", 0, 0, CONNECTIONS_MAX);
        http.flag("disable_compression", false);
        ConfigSection tls = http.section("tls_config");
        if (!tls.text("server_name", "").isEmpty()) {
            throw tls.wrong("server_name", "is not supported: the endpoint's name is the one that is checked");
        }
        if (tls.text("cert_file", "").isEmpty() != tls.text("key_file", "").isEmpty()) {
            boolean noCertificate = tls.text("cert_file", "").isEmpty();
            throw tls.wrong(noCertificate ? "cert_file" : "key_file", "is missing beside its other half");
        }
        tls.flag("insecure_skip_verify", false); // Thanos too lets the key of the same name beside tls_config win
        return new Http(
                http.duration("response_header_timeout", Duration.ofMinutes(2)),
                http.duration("tls_handshake_timeout", Duration.ofSeconds(10)),
                http.flag("insecure_skip_verify", false),
                tls.text("ca_file", ""),
                tls.text("cert_file", ""),
                tls.text("key_file", ""));
    }

    private static Encryption encryption(ConfigSection sse) throws ConfigException {
        Encryption encryption = new Encryption(
                sse.text("type", ""),
                sse.text("kms_key_id", ""),
                sse.textMap("kms_encryption_context"),
                sse.text("encryption_key", ""));
        return switch (encryption.type()) {
            case "", "SSE-S3" -> encryption;
            case "SSE-KMS" -> {
                sse.requiredText("kms_key_id");
                yield encryption;
            }
            case "SSE-C" -> {
                sse.requiredText("encryption_key");
                yield encryption;
            }
            default -> throw sse.wrong("type", "is SSE-S3, SSE-KMS or SSE-C");
        };
    }
}
