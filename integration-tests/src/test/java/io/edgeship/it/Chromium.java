package io.edgeship.it;

import io.edgeship.block.json.JsonObject;
import io.edgeship.demo.Deadline;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A headless Chromium with one tab, driven over its DevTools protocol. Used by one thread.
final class Chromium implements AutoCloseable {
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final WebSocket tab;
    private final Replies replies = new Replies();
    private int last;

    private Chromium(Process process, int port) throws IOException, InterruptedException {
        this.process = process;
        URI make = URI.create("http://127.0.0.1:" + port + "/json/new?about:blank");
        HttpRequest request = HttpRequest.newBuilder(make)
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build();
        String made = http.send(request, BodyHandlers.ofString()).body();
        URI address = URI.create(JsonObject.parse("new tab", made.getBytes(StandardCharsets.UTF_8))
                .requiredText("webSocketDebuggerUrl"));
        tab = http.newWebSocketBuilder().buildAsync(address, replies).join();
    }

    /// On the PATH, or where `./verify` unpacks Debian packages.
    static Optional<Path> program() {
        Stream<Path> path = Arrays.stream(
                        System.getenv().getOrDefault("PATH", "").split(":"))
                .map(Path::of);
        Path unpacked = Path.of("../.edgeship/tools/usr/bin").toAbsolutePath().normalize();
        return Stream.concat(path, Stream.of(unpacked))
                .flatMap(folder -> NAMES.stream().map(folder::resolve))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /// @param folder for its profile and log
    static Chromium start(Path folder) throws IOException, InterruptedException {
        Path port = folder.resolve("profile/DevToolsActivePort");
        Process process = new ProcessBuilder(
                        program().orElseThrow().toString(),
                        "--headless=new",
                        "--no-sandbox", // tests run as root in containers; only our own page is loaded
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--hide-scrollbars",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + folder.resolve("profile"),
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("chromium.log").toFile())
                .start();
        Deadline.in(PATIENCE).reached(() -> !process.isAlive() || isListening(port));
        if (!isListening(port)) {
            process.destroyForcibly();
            throw new IOException("chromium did not start: " + Files.readString(folder.resolve("chromium.log")));
        }
        return new Chromium(
                process,
                Integer.parseInt(Files.readString(port).lines().findFirst().orElseThrow()));
    }

    private static boolean isListening(Path port) throws IOException {
        return Files.exists(port) && Files.readString(port).contains("\n");
    }

    /// Sends a command and waits for its result.
    JsonObject call(String method, JsonObject parameters) throws IOException, InterruptedException {
        int id = ++last;
        JsonObject command =
                JsonObject.empty().with("id", id).with("method", method).with("params", parameters);
        tab.sendText(command.toString(), true).join();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            String text = replies.whole.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (text == null) {
                throw new IOException("no reply to " + method);
            }
            JsonObject reply = JsonObject.parse(method, text.getBytes(StandardCharsets.UTF_8));
            if (reply.integer("id", 0) == id) {
                if (reply.has("error")) {
                    throw new IOException(method + ": " + reply.object("error"));
                }
                return reply.object("result");
            }
        }
    }

    /// The text that an expression, or the promise that it is, comes to.
    String evaluate(String expression) throws IOException, InterruptedException {
        JsonObject result = call(
                "Runtime.evaluate",
                JsonObject.empty()
                        .with("expression", expression)
                        .with("awaitPromise", true)
                        .with("returnByValue", true));
        if (result.has("exceptionDetails")) {
            throw new IOException(expression.lines().findFirst().orElse("") + ": " + result.object("exceptionDetails"));
        }
        return result.object("result").text("value").orElse("");
    }

    /// Loads a page at a width, in light or dark.
    void open(URI page, int width, String colours) throws IOException, InterruptedException {
        call(
                "Emulation.setDeviceMetricsOverride",
                JsonObject.empty()
                        .with("width", width)
                        .with("height", 800)
                        .with("deviceScaleFactor", 1)
                        .with("mobile", width < 600));
        call(
                "Emulation.setEmulatedMedia",
                JsonObject.empty()
                        .with(
                                "features",
                                List.of(JsonObject.empty()
                                        .with("name", "prefers-color-scheme")
                                        .with("value", colours))));
        call("Page.navigate", JsonObject.empty().with("url", page.toString()));
        String loaded = "location.href === '%s' ? document.readyState : ''".formatted(page);
        Deadline.in(PATIENCE).await(page + " to load", () -> evaluate(loaded).equals("complete"));
    }

    /// The whole page as PNG.
    byte[] screenshot() throws IOException, InterruptedException {
        JsonObject shot = call(
                "Page.captureScreenshot",
                JsonObject.empty().with("format", "png").with("captureBeyondViewport", true));
        return Base64.getDecoder().decode(shot.requiredText("data"));
    }

    @Override
    public void close() throws IOException {
        tab.abort();
        http.close();
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }

    private static final class Replies implements WebSocket.Listener {
        private final BlockingQueue<String> whole = new LinkedBlockingQueue<>();
        private final StringBuilder part = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean isLast) {
            part.append(text);
            if (isLast) {
                whole.add(part.toString());
                part.setLength(0);
            }
            socket.request(1);
            return null;
        }
    }
}
