package io.edgeship.compact;

import io.edgeship.block.LabelSet;
import io.edgeship.block.message.v1.Heartbeat;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketSync;
import io.edgeship.fleet.BucketView;
import io.edgeship.fleet.PartialBlock;
import io.edgeship.runtime.cli.Arguments;
import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.ExitCode;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.runtime.cli.Usage;
import io.edgeship.runtime.cli.UsageException;
import io.edgeship.runtime.config.Sizes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.zip.GZIPInputStream;

/// `bucket …`: what lies in the bucket. Reads only.
abstract sealed class BucketCommand implements Command {
    private static final int OBJECT_BYTES_MAX = 64 << 20;

    /// `bucket ls`
    static final class Ls extends BucketCommand {
        @Override
        public Usage usage() {
            return new Usage("bucket ls", "", "List blocks, whole and partial", CompactCommand.OPTIONS, "");
        }

        @Override
        public ExitCode run(Arguments arguments, Terminal terminal) throws Exception {
            try (Bucket bucket = Buckets.open(CompactCommand.config(arguments).objstore())) {
                BucketView view = new BucketSync(bucket).sync();
                for (BucketBlock block : view.blocks()) {
                    terminal.out()
                            .printf(
                                    "%s  %s  %s  level %d  %10s  %s%s%n",
                                    block.meta().id(),
                                    Instant.ofEpochMilli(block.meta().range().minTime()),
                                    Instant.ofEpochMilli(block.meta().range().maxTime()),
                                    block.meta().compaction().level(),
                                    Sizes.print(block.sizeBytes()),
                                    LabelSet.of(block.labels()),
                                    block.isComplete() ? "" : "  INCOMPLETE: " + block.missing());
                }
                for (PartialBlock block : view.partial()) {
                    terminal.out()
                            .printf(
                                    "%s  partial: %s; %d objects, newest %s%n",
                                    block.ulid(),
                                    block.why(),
                                    block.keys().size(),
                                    Instant.ofEpochMilli(block.newestMillis()));
                }
            }
            return ExitCode.DONE;
        }
    }

    /// `bucket cat KEY`
    static final class Cat extends BucketCommand {
        @Override
        public Usage usage() {
            return new Usage(
                    "bucket cat",
                    "KEY",
                    "Print one object; heartbeats and loss records in words",
                    CompactCommand.OPTIONS,
                    "");
        }

        @Override
        public ExitCode run(Arguments arguments, Terminal terminal) throws Exception {
            if (arguments.operands().size() != 1) {
                throw new UsageException("one key is wanted");
            }
            String key = arguments.operands().getFirst();
            try (Bucket bucket = Buckets.open(CompactCommand.config(arguments).objstore());
                    InputStream in = bucket.get(key)) {
                terminal.out().println(text(key, in));
            }
            return ExitCode.DONE;
        }

        private static String text(String key, InputStream in) throws IOException {
            if (key.endsWith("/heartbeat.pb")) {
                return Messages.json(Heartbeat.parseFrom(in.readNBytes(OBJECT_BYTES_MAX)));
            }
            if (key.contains("/losses/")) {
                return Messages.json(Loss.parseFrom(in.readNBytes(OBJECT_BYTES_MAX)));
            }
            InputStream plain = key.endsWith(".gz") ? new GZIPInputStream(in) : in;
            return new String(plain.readNBytes(OBJECT_BYTES_MAX), StandardCharsets.UTF_8);
        }
    }
}
