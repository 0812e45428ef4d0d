package io.edgeship.agent.check;

import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.http.HttpConfig;
import io.edgeship.runtime.http.ListenAddress;
import io.edgeship.runtime.http.OpsClient;
import io.edgeship.runtime.http.web.WebConfigFile;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;

/// Whether the agent can listen where it shall, or does so.
final class HttpCheck {
    private HttpCheck() {}

    /// Who listens there.
    sealed interface Holder {
        record Nobody() implements Holder {}

        record Agent() implements Holder {}

        /// An agent that is set up like this one, and wants to know who asks.
        record Locked() implements Holder {}

        /// Something else, or an agent with another `web.yml`.
        ///
        /// @param why it is not taken for the agent
        record Other(String why) implements Holder {}

        /// An agent could not even start.
        ///
        /// @param why `web.yml` or what it names cannot be used
        record Unusable(String why) implements Holder {}

        default boolean isAgent() {
            return this instanceof Agent || this instanceof Locked;
        }
    }

    static Holder holder(HttpConfig http) {
        try {
            if (http.webConfigFile().isPresent()) {
                WebConfigFile.open(http.webConfigFile().get());
            }
            return isFree(http.listen()) ? new Holder.Nobody() : ask(OpsClient.of(http, OpsClient.Access.plain()));
        } catch (ConfigException e) {
            return new Holder.Unusable(String.valueOf(e.getMessage()));
        }
    }

    private static boolean isFree(ListenAddress listen) {
        InetSocketAddress address = listen.host().isEmpty()
                ? new InetSocketAddress(listen.port())
                : new InetSocketAddress(listen.host(), listen.port());
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address);
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    private static Holder ask(OpsClient client) {
        try {
            String page = new String(client.get("/metrics"), StandardCharsets.UTF_8);
            return page.contains("edgeship_ship_scans_total")
                    ? new Holder.Agent()
                    : new Holder.Other("it answers, but is no agent");
        } catch (OpsClient.Refused e) {
            return e.isOurs() ? new Holder.Locked() : new Holder.Other(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return new Holder.Other(String.valueOf(e.getMessage()));
        }
    }

    static Finding judge(Holder holder, ListenAddress listen) {
        return switch (holder) {
            case Holder.Nobody() -> Finding.pass(Check.HTTP, listen + " is free");
            case Holder.Agent() -> Finding.pass(Check.HTTP, "an agent answers at " + listen);
            case Holder.Locked() -> Finding.pass(Check.HTTP, "an agent at " + listen + " wants to know who asks");
            case Holder.Other(var why) ->
                Finding.fail(
                        Check.HTTP,
                        "%s cannot be listened at, and what is there is not this agent: %s".formatted(listen, why),
                        "set http.listen to another address, or stop what listens there; start an agent anew after TLS was switched on or off");
            case Holder.Unusable(var why) ->
                Finding.fail(
                        Check.HTTP, "the agent cannot start: " + why, "mend the file that http.web_config_file names");
        };
    }
}
