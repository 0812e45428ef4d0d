package io.edgeship.runtime.http.web;

import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.log.Log;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/// A `web.yml` in force. It and the files that it names are looked at again with a request or a new connection, at most
/// once a second; what cannot be used is logged, counted, and what was read before stays in force. Whether there is TLS
/// at all is decided once, for the port is open by then. Thread-safe.
public final class WebConfigFile {
    private static final Log LOG = Log.of(WebConfigFile.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    /// A client that comes back within so long is not verified anew.
    private static final Duration SESSION_MAX = Duration.ofMinutes(5);

    private final Path file;
    private final LongSupplier nanoTime;
    private final Optional<SSLContext> context;
    private final BasicAuth auth = new BasicAuth();
    private final AtomicLong failures = new AtomicLong();
    private volatile Loaded loaded;
    private long lookedAtNanos;
    private String lastProblem = "";

    private record Loaded(WebConfig config, Optional<Certificates> certificates, FileStamp stamp) {}

    private WebConfigFile(Path file, LongSupplier nanoTime) throws ConfigException {
        this.file = file;
        this.nanoTime = nanoTime;
        lookedAtNanos = nanoTime.getAsLong();
        loaded = load(file);
        context = loaded.config().tls().isPresent() ? Optional.of(newContext()) : Optional.empty();
    }

    public static WebConfigFile open(Path file) throws ConfigException {
        return new WebConfigFile(file, System::nanoTime);
    }

    static WebConfigFile open(Path file, LongSupplier nanoTime) throws ConfigException {
        return new WebConfigFile(file, nanoTime);
    }

    private static Loaded load(Path file) throws ConfigException {
        // Looks come before reading: what changes meanwhile shows by the next look.
        FileStamp stamp = FileStamp.of(List.of(file));
        WebConfig config = WebConfig.read(file);
        if (config.tls().isEmpty()) {
            return new Loaded(config, Optional.empty(), stamp);
        }
        TlsSettings tls = config.tls().get();
        FileStamp all = stamp.and(FileStamp.of(filesOf(tls)));
        try {
            return new Loaded(config, Optional.of(Certificates.read(tls)), all);
        } catch (ConfigException e) {
            throw new ConfigException(file + ": tls_server_config." + e.getMessage(), e);
        }
    }

    private static List<Path> filesOf(TlsSettings tls) {
        List<PemSource> sources = new ArrayList<>(List.of(tls.cert(), tls.key()));
        tls.clientCa().ifPresent(sources::add);
        List<Path> files = new ArrayList<>();
        for (PemSource source : sources) {
            switch (source) {
                case PemSource.InFile(var _, var path) -> files.add(path);
                case PemSource.Inline _ -> {}
            }
        }
        return files;
    }

    private SSLContext newContext() {
        try {
            SSLContext made = SSLContext.getInstance("TLS");
            KeyManager keys = new ServerKeys(() -> certificates(current()));
            TrustManager clients = new ClientCheck(() -> {
                Loaded now = current();
                return new ClientCheck.Rules(
                        certificates(now).authority(),
                        now.config().tls().orElseThrow().allowedSans());
            });
            made.init(new KeyManager[] {keys}, new TrustManager[] {clients}, null);
            made.getServerSessionContext().setSessionTimeout((int) SESSION_MAX.toSeconds());
            return made;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has TLS", e);
        }
    }

    private static Certificates certificates(Loaded loaded) {
        return loaded.certificates().orElseThrow();
    }

    private Loaded current() {
        if (isToBeLookedAt()) {
            reloadIfChanged();
        }
        return loaded;
    }

    private synchronized boolean isToBeLookedAt() {
        long now = nanoTime.getAsLong();
        boolean due = now - lookedAtNanos >= BETWEEN_LOOKS.toNanos();
        lookedAtNanos = due ? now : lookedAtNanos;
        return due;
    }

    private synchronized void reloadIfChanged() {
        Loaded before = loaded;
        FileStamp now = FileStamp.of(before.stamp().files().keySet());
        if (now.equals(before.stamp())) {
            return;
        }
        try {
            Loaded read = load(file);
            if (read.config().tls().isPresent() != before.config().tls().isPresent()) {
                throw new ConfigException(file + ": tls_server_config came or went, which takes a restart");
            }
            loaded = read;
            lastProblem = "";
            LOG.info("web configuration read again", "file", file);
        } catch (ConfigException e) {
            failed(e);
        }
    }

    /// Tried again at the next look; said once.
    private void failed(ConfigException e) {
        String problem = String.valueOf(e.getMessage());
        if (!problem.equals(lastProblem)) {
            failures.incrementAndGet();
            LOG.error("web configuration cannot be used, what was read before stays in force", e, "file", file);
        }
        lastProblem = problem;
    }

    /// Where connections are to be encrypted.
    public Optional<SSLContext> tls() {
        return context;
    }

    /// For one connection of [#tls].
    public SSLParameters parameters() {
        SSLParameters parameters = context.orElseThrow().getDefaultSSLParameters();
        return current().config().tls().orElseThrow().applyTo(parameters);
    }

    /// For every reply.
    public SortedMap<String, String> headers() {
        return current().config().headers();
    }

    /// @param authorization the request's header; null where it has none
    public boolean admits(@Nullable String authorization) {
        SortedMap<String, String> users = current().config().users();
        return users.isEmpty() || auth.admits(users, authorization);
    }

    /// Until when the certificate is good that is shown; empty without TLS.
    public Optional<Instant> notAfter() {
        return current()
                .certificates()
                .map(certificates -> certificates.chain()[0].getNotAfter().toInstant());
    }

    /// How often a changed file could not be used.
    public long failures() {
        return failures.get();
    }
}
