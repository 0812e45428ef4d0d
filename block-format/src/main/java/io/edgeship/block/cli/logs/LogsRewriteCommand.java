package io.edgeship.block.cli.logs;

import io.edgeship.block.loki.LokiChunk;
import io.edgeship.block.loki.LokiChunkEdit;
import io.edgeship.block.loki.LokiChunkReader;
import io.edgeship.block.loki.LokiChunkRewriter;
import io.edgeship.block.loki.LokiCodec;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Option;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.Usage;
import io.edgeship.runtime.cli.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// `logs rewrite PATH... OUT`: chunks of another tenant, with more labels, or in another codec.
final class LogsRewriteCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                "logs rewrite",
                "PATH... OUT",
                "Write Loki's chunks anew: for another tenant, with more labels, or in another codec",
                List.of(
                        new Option("tenant", "TENANT", "the new chunks' tenant"),
                        new Option("label", "NAME=VALUE", "added to every stream; may be given more than once"),
                        new Option(
                                "codec", "CODEC", "none, gzip, lz4-64k, lz4-256k, lz4-1M, lz4, snappy, flate or zstd")),
                """
                Writes OUT/<tenant>/<fingerprint>/<name>, and prints each. A stream that has such a label already is an
                error. Exit code 1 if a chunk could not be written anew; it is named on stderr.
                """);
    }

    @Override
    public ExitCode run(Arguments arguments, Terminal terminal) throws IOException, UsageException {
        List<String> operands = arguments.operands();
        if (operands.size() < 2) {
            throw new UsageException("chunks and a directory for the new ones are wanted");
        }
        LokiChunkEdit edit = edit(arguments);
        Path out = Path.of(operands.getLast());
        ExitCode result = ExitCode.DONE;
        for (Path file : LokiFiles.chunksOf(operands.subList(0, operands.size() - 1))) {
            LokiChunk chunk;
            try {
                chunk = LokiChunkRewriter.rewrite(LokiChunkReader.open(file), edit);
            } catch (IOException e) {
                terminal.err().println("edgeship logs rewrite: " + e.getMessage());
                result = ExitCode.WORK_LEFT;
                continue;
            }
            terminal.out().println(NewFile.write(out.resolve(chunk.path()), chunk.toBytes()));
        }
        return result;
    }

    private static LokiChunkEdit edit(Arguments arguments) throws UsageException {
        Map<String, String> labels = new TreeMap<>();
        for (String label : arguments.values("label")) {
            int equals = label.indexOf('=');
            if (equals < 0 || labels.put(label.substring(0, equals), label.substring(equals + 1)) != null) {
                throw new UsageException("--label " + label + ": NAME=VALUE, each name once");
            }
        }
        LokiCodec codec = null;
        if (arguments.value("codec").isPresent()) {
            String name = arguments.requiredValue("codec");
            codec = LokiCodec.ofLabel(name).orElseThrow(() -> new UsageException("--codec: Loki has no " + name));
        }
        try {
            return new LokiChunkEdit(arguments.value("tenant").orElse(null), labels, codec);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }
}
