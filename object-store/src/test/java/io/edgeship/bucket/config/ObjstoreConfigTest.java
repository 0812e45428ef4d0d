package io.edgeship.bucket.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ObjstoreConfigTest {
    private static final Path PAGE = Path.of("../docs/reference/objstore.md");
    private static final Pattern KEY = Pattern.compile("`((?:type|prefix|config)[a-z_0-9.]*)`");
    private static final String S3 = "type: S3\nconfig:\n  bucket: b\n  endpoint: host:9000\n";

    /// Every key that Thanos knows, with Thanos' defaults.
    private static final String ALL_KEYS = """
            type: S3
            config:
              bucket: "telemetry"
              endpoint: "store.example:9000"
              region: ""
              disable_dualstack: false
              aws_sdk_auth: false
              access_key: ""
              insecure: false
              signature_version2: false
              secret_key: ""
              session_token: ""
              put_user_metadata: {}
              http_config:
                idle_conn_timeout: 1m30s
                response_header_timeout: 2m
                insecure_skip_verify: false
                tls_handshake_timeout: 10s
                expect_continue_timeout: 1s
                max_idle_conns: 100
                max_idle_conns_per_host: 100
                max_conns_per_host: 0
                tls_config: {ca_file: "", cert_file: "", key_file: "", server_name: "", insecure_skip_verify: false}
                disable_compression: false
              trace: {enable: false}
              list_objects_version: ""
              bucket_lookup_type: auto
              send_content_md5: true
              disable_multipart: false
              part_size: 67108864
              sse_config: {type: "", kms_key_id: "", kms_encryption_context: {}, encryption_key: ""}
              sts_endpoint: ""
              max_retries: 0
            prefix: ""
            """;

    @Test
    void readsTheWholeFileThatThanosDocuments() throws ConfigException {
        ObjstoreConfig config = ObjstoreConfig.parse("objstore.yml", ALL_KEYS);

        assertThat(config).isInstanceOfSatisfying(ObjstoreConfig.S3.class, s3 -> {
            assertThat(s3.settings().bucket()).isEqualTo("telemetry");
            assertThat(s3.settings().endpoint()).isEqualTo("store.example:9000");
            assertThat(s3.settings().http().responseHeaderTimeout()).isEqualTo(Duration.ofMinutes(2));
            assertThat(s3.settings().attemptsMax()).isEqualTo(4);
        });
    }

    @ParameterizedTest
    @CsvSource({"s3, /a/b/, a/b", "S3, '', ''"})
    void typesHaveAnyCaseAndPrefixesLoseTheirOuterSlashes(String type, String prefix, String expected)
            throws ConfigException {
        String yaml = S3.replace("S3", type) + "prefix: '" + prefix + "'\n";

        assertThat(ObjstoreConfig.parse("o.yml", yaml).prefix()).isEqualTo(expected);
    }

    @Test
    void readsADirectory() throws ConfigException {
        String yaml = "type: FILESYSTEM\nconfig:\n  directory: /data\nprefix: p\n";

        assertThat(ObjstoreConfig.parse("o.yml", yaml)).isEqualTo(new ObjstoreConfig.Filesystem(Path.of("/data"), "p"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "signature_version2: true       | signature version 4",
                "disable_multipart: true        | large files go in parts",
                "send_content_md5: false        | checked on arrival",
                "trace: {enable: true}          | log.level",
                "bucket_lookup_type: sideways   | virtual-hosted",
                "list_objects_version: v3       | v1 or v2",
                "access_key: only               | secret_key",
                "secret_key: only               | access_key",
                "sse_config: {type: SSE-X}      | SSE-KMS",
                "sse_config: {type: SSE-KMS}    | kms_key_id",
                "sse_config: {type: SSE-C}      | encryption_key",
                "max_retries: -1                | max_retries",
                "http_config: {tls_config: {server_name: x}} | server_name",
                "http_config: {tls_config: {key_file: k}}    | cert_file",
                "http_config: {tls_config: {cert_file: c}}   | key_file",
            })
    void refusesByNameAndLineWhatItCannotDo(String line, String words) {
        assertThatThrownBy(() -> ObjstoreConfig.parse("o.yml", S3 + "  " + line + "\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("o.yml:")
                .hasMessageContaining(words);
    }

    @Test
    void anEndpointHasNoScheme() {
        assertThatThrownBy(() -> ObjstoreConfig.parse("o.yml", S3.replace("host:9000", "http://host:9000")))
                .hasMessageStartingWith("o.yml:4:")
                .hasMessageContaining("insecure");
    }

    @Test
    void anUnknownKeyIsAnErrorWithItsLine() {
        assertThatThrownBy(() -> ObjstoreConfig.parse("o.yml", S3 + "  acces_key: x\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("o.yml:5:")
                .hasMessageContaining("acces_key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GCS", "AZURE", "SWIFT", "COS", "ALIYUNOSS", "BOS", "OCI", "OBS", "TAPE"})
    void refusesOtherStoresByName(String type) {
        assertThatThrownBy(() -> ObjstoreConfig.parse("o.yml", "type: " + type + "\nconfig: {}\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("o.yml:1:")
                .hasMessageContaining("S3");
    }

    @Test
    void secretsDoNotShowInWords() throws ConfigException {
        String yaml = S3 + "  access_key: visible\n  secret_key: hidden-secret\n  session_token: hidden-token\n";

        assertThat(String.valueOf(ObjstoreConfig.parse("o.yml", yaml))).doesNotContain("hidden");
    }

    @Test
    void thePageNamesTheKeysThatAreReadAndNoOthers() throws IOException, ConfigException {
        Set<String> read = new TreeSet<>(keysRead(ALL_KEYS.replace("type: \"\"", "type: \"SSE-S3\"")));
        read.addAll(keysRead("type: FILESYSTEM\nconfig: {directory: /data}\n"));
        Set<String> sections = Set.of(
                "config", "config.trace", "config.sse_config", "config.http_config", "config.http_config.tls_config");
        read.removeAll(sections);
        Set<String> onPage = new TreeSet<>();
        Files.readString(PAGE)
                .lines()
                .filter(line -> line.startsWith("| `"))
                .map(row -> KEY.matcher(row.substring(0, row.indexOf('|', 1))))
                .forEach(keys -> keys.results().map(found -> found.group(1)).forEach(onPage::add));

        assertThat(onPage).isEqualTo(read);
    }

    private static Set<String> keysRead(String yaml) throws ConfigException {
        ConfigFile file = ConfigFile.parse("o.yml", yaml, Map.of());
        ObjstoreConfig.from(file.root());
        return file.keysRead();
    }
}
