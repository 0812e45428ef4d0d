package io.edgeship.bucket.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// An authority of the years 2000 to 2100 and servers whose certificates it signs, made by the JDK's own tool.
public record TestAuthority(Path keys, Path pem) {
    private static final String PASSWORD = "changeit";

    public static TestAuthority make(Path dir) throws Exception {
        TestAuthority made = new TestAuthority(dir.resolve("ca.p12"), dir.resolve("ca.pem"));
        keytool(
                made.keys(),
                "-genkeypair",
                "ca",
                List.of(
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=authority",
                        "-ext",
                        "bc:c",
                        "-startdate",
                        "2000/01/01 00:00:00",
                        "-validity",
                        "36525"));
        keytool(
                made.keys(),
                "-exportcert",
                "ca",
                List.of("-rfc", "-file", made.pem().toString()));
        return made;
    }

    /// A server whose certificate is valid for a year.
    ///
    /// @param name as `ip:127.0.0.1`
    public SSLContext server(String name, int year) throws Exception {
        Path store = keys.resolveSibling(name.replaceAll("[^a-z0-9]", "-") + year + ".p12");
        Files.copy(keys, store);
        keytool(
                store,
                "-genkeypair",
                "server",
                List.of(
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=server",
                        "-signer",
                        "ca",
                        "-ext",
                        "san=" + name,
                        "-startdate",
                        year + "/01/01 00:00:00",
                        "-validity",
                        "365"));
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        keys.deleteEntry("ca");
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    private static void keytool(Path store, String order, String alias, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                order,
                "-alias",
                alias,
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(output);
        }
    }
}
