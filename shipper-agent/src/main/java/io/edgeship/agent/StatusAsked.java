package io.edgeship.agent;

import io.edgeship.agent.status.SiteStatus;
import io.edgeship.agent.status.StatusJsonReader;
import io.edgeship.queue.Spool;
import io.edgeship.queue.link.LinkGovernor;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.Option;
import io.edgeship.runtime.cli.UsageException;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.http.Metrics;
import io.edgeship.runtime.http.OpsClient;
import io.edgeship.runtime.http.web.ClientKeys;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

/// A status for the terminal: asked of the running agent, else read from the spool.
final class StatusAsked {
    static final List<Option> OPTIONS = List.of(
            new Option("config", "FILE", "agent.yaml"),
            new Option("url", "URL", "where the agent answers, if not where the configuration says"),
            new Option("user", "NAME", "for an agent that asks for name and password"),
            new Option("password-file", "FILE", "holds the password, and nothing else"),
            new Option("ca-file", "FILE", "vouches for the agent's certificate"),
            new Option("cert-file", "FILE", "our certificate, for an agent that asks for one"),
            new Option("key-file", "FILE", "its private key"));

    private StatusAsked() {}

    static OpsClient client(AgentConfig config, Arguments arguments)
            throws ConfigException, UsageException, IOException {
        Optional<URI> url =
                arguments.value("url").isEmpty() ? Optional.empty() : Optional.of(url(arguments.requiredValue("url")));
        return OpsClient.of(
                config.http(),
                new OpsClient.Access(
                        url, login(arguments), arguments.value("ca-file").map(Path::of), keys(arguments)));
    }

    /// `name:password`.
    private static Optional<String> login(Arguments arguments) throws UsageException, IOException {
        Optional<String> user = arguments.value("user");
        Optional<String> passwordFile = arguments.value("password-file");
        if (user.isPresent() != passwordFile.isPresent()) {
            throw new UsageException("--user and --password-file go together");
        }
        if (user.isEmpty() || passwordFile.isEmpty()) {
            return Optional.empty();
        }
        String password = Files.readString(Path.of(passwordFile.get())).replaceAll("\\R\\z", "");
        return Optional.of(user.get() + ":" + password);
    }

    private static ClientKeys keys(Arguments arguments) throws ConfigException, UsageException {
        Optional<String> certificate = arguments.value("cert-file");
        Optional<String> key = arguments.value("key-file");
        if (certificate.isPresent() != key.isPresent()) {
            throw new UsageException("--cert-file and --key-file go together");
        }
        return certificate.isPresent() && key.isPresent()
                ? ClientKeys.of(Path.of(certificate.get()), Path.of(key.get()))
                : ClientKeys.none();
    }

    private static URI url(String text) throws UsageException {
        if (!text.matches("https?://[^/?#\\s]+/?")) {
            throw new UsageException("--url is an address like https://box.example:10902");
        }
        return URI.create(text.endsWith("/") ? text : text + "/");
    }

    /// @throws IOException if no agent answers, or not with a status
    static SiteStatus ask(OpsClient client) throws IOException {
        try {
            byte[] json = client.get("/status.json");
            return StatusJsonReader.read(client.base().resolve("/status.json").toString(), json);
        } catch (OpsClient.Refused e) {
            throw new IOException(
                    e.getMessage() + "; say who asks: --user and --password-file, or --cert-file and --key-file", e);
        }
    }

    /// A source, and where its items wait.
    private record Place(Path path, int priority, Path spool) {}

    /// What the disk says. Of the link nothing is known.
    static SiteStatus look(AgentConfig config) throws IOException {
        List<SourceReading> readings = new ArrayList<>();
        Optional<byte[]> keptCount = Optional.empty();
        List<Place> places = new ArrayList<>();
        config.sources().forEach(one -> places.add(new Place(one.path(), one.priority(), one.spool())));
        config.lokis().forEach(one -> places.add(new Place(one.path(), one.priority(), one.spool())));
        for (Place place : places) {
            if (Files.isDirectory(place.spool())) {
                try (Spool spool = Spool.look(place.spool())) {
                    if (keptCount.isEmpty()) { // it lies in the first source's spool
                        keptCount = spool.kept(LinkGovernor.BUDGET_FILE);
                    }
                    readings.add(SourceReading.of(
                            place.path(),
                            place.priority(),
                            spool,
                            config,
                            SourceReading.Live.NONE,
                            item -> ItemProgress.keptBytes(config.transport(), item)));
                }
            }
        }
        Instant now = InstantSource.system().instant();
        Forecast forecast = Forecast.of(config, readings, new Forecast.Link(now, Optional.empty(), keptCount));
        return new SiteStatus(
                now,
                false,
                config.site(),
                Metrics.version(),
                Optional.empty(),
                new TreeMap<>(),
                "as objstore says",
                config.transport().name().toLowerCase(Locale.ROOT),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                forecast.estimate(),
                forecast.sources(),
                List.of());
    }
}
