package io.edgeship.block.cli.logs;

import com.fasterxml.jackson.jr.ob.JSON;
import io.edgeship.block.loki.LokiChunk;
import io.edgeship.block.loki.LokiChunkReader;
import io.edgeship.block.loki.LokiEntry;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Option;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.Usage;
import io.edgeship.runtime.cli.UsageException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// `logs dump PATH...`: every line, as JSON.
final class LogsDumpCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                "logs dump",
                "PATH...",
                "Print the lines of Loki's chunks",
                List.of(new Option("format", "FORMAT", "jsonl (default), the only one")),
                """
                One line an entry: {"tenant":"…","labels":{…},"ts":"ns","line":"…","metadata":{…}}, chunk by chunk. A line
                that is not UTF-8 is "line_base64" instead. Exit code 1 if a chunk breaks a rule; it is named on stderr,
                with the offset, and those after it are printed all the same.
                """);
    }

    @Override
    public ExitCode run(Arguments arguments, Terminal terminal) throws IOException, UsageException {
        if (arguments.operands().isEmpty()) {
            throw new UsageException("no path named");
        }
        if (!arguments.value("format").orElse("jsonl").equals("jsonl")) {
            throw new UsageException("--format is jsonl");
        }
        Writer out = new BufferedWriter(new OutputStreamWriter(terminal.out(), StandardCharsets.UTF_8));
        List<Path> files = LokiFiles.chunksOf(arguments.operands());
        ExitCode result = ExitCode.DONE;
        for (Path file : files) {
            LokiChunk chunk;
            try {
                chunk = LokiChunkReader.open(file);
                chunk.forEachEntry(_ -> {}); // whole or not at all: half of a chunk must not look like one
            } catch (IOException e) {
                terminal.err().println("edgeship logs dump: " + e.getMessage());
                result = ExitCode.WORK_LEFT;
                continue;
            }
            chunk.forEachEntry(entry -> out.append(json(chunk, entry)).append('\n'));
            out.flush();
            if (terminal.out().checkError()) {
                throw new IOException("writing the dump: the output takes no more");
            }
        }
        return result;
    }

    private static String json(LokiChunk chunk, LokiEntry entry) throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("tenant", chunk.header().tenant());
        Map<String, String> labels = new TreeMap<>(chunk.header().labels());
        labels.remove("__name__");
        fields.put("labels", labels);
        fields.put("ts", Long.toString(entry.timeNanos()));
        try {
            fields.put(
                    "line",
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(entry.line()))
                            .toString());
        } catch (CharacterCodingException notText) {
            fields.put("line_base64", Base64.getEncoder().encodeToString(entry.line()));
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        entry.metadata().forEach(pair -> metadata.put(pair.name(), pair.value()));
        fields.put("metadata", metadata);
        return JSON.std.asString(fields);
    }
}
