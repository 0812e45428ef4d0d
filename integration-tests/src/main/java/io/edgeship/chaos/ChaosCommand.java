package io.edgeship.chaos;

import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Option;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.Usage;
import io.edgeship.runtime.cli.UsageException;
import io.edgeship.runtime.config.Sizes;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/// `chaos`: a proxy by itself, for programs that are not ours.
final class ChaosCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                "chaos",
                "",
                "Forward a port of the loopback address over a bad link, until SIGTERM; then print what went",
                List.of(
                        new Option("listen", "PORT", "where clients connect; a free one without it"),
                        new Option("to", "PORT", "where the server listens"),
                        new Option("cut-every", "SIZE", "cut all connections after so many bytes on average"),
                        new Option("rate", "SIZE", "bytes a second, each way"),
                        new Option("seed", "N", "of all chance; 1 without it")),
                "Sizes are written as 256KiB or 4MiB.");
    }

    @Override
    public ExitCode run(Arguments arguments, Terminal terminal) throws Exception {
        Faults faults = Faults.seeded(number(arguments, "seed").orElse(1L));
        Optional<Long> cutEvery = size(arguments, "cut-every");
        if (cutEvery.isPresent()) {
            faults = faults.with(new Fault.Cuts(cutEvery.get()));
        }
        Optional<Long> rate = size(arguments, "rate");
        if (rate.isPresent()) {
            faults = faults.with(new Fault.Throttle(rate.get()));
        }
        long to = number(arguments, "to").orElseThrow(() -> new UsageException("--to PORT is wanted"));
        InetSocketAddress listen = loopback(number(arguments, "listen").orElse(0L));
        try (ChaosProxy proxy = ChaosProxy.between(listen, loopback(to), faults)) {
            terminal.out().println("listening on 127.0.0.1:" + proxy.port());
            CountDownLatch ended = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                terminal.out().println(proxy.counts());
                terminal.out().flush();
                ended.countDown();
            }));
            ended.await();
        }
        return ExitCode.DONE;
    }

    private static InetSocketAddress loopback(long port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), (int) port);
    }

    private static Optional<Long> number(Arguments arguments, String option) throws UsageException {
        Optional<String> text = arguments.value(option);
        if (text.isPresent() && !text.get().matches("\\d{1,9}")) {
            throw new UsageException("--%s %s is no number".formatted(option, text.get()));
        }
        return text.map(Long::valueOf);
    }

    private static Optional<Long> size(Arguments arguments, String option) throws UsageException {
        Optional<String> text = arguments.value(option);
        try {
            return text.isPresent() ? Optional.of(Sizes.parse(text.get())) : Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new UsageException("--%s: %s".formatted(option, e.getMessage()));
        }
    }
}
