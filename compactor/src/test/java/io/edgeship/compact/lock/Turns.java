package io.edgeship.compact.lock;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ForwardingBucket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import org.jspecify.annotations.Nullable;

/// Lets programs that run side by side make one request at a time, in the order that a test wants: each stops before
/// each request until it is let go on, or is killed there.
public final class Turns {
    private final List<Program> programs = new ArrayList<>();

    /// What runs on a bucket until it ends or is killed.
    public interface Task {
        void run(Bucket bucket) throws Exception;
    }

    private enum Word {
        GO,
        DIE,
        WAITING,
        ENDED
    }

    private static final class KilledException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /// One of them.
    public static final class Program {
        private final SynchronousQueue<Word> toProgram = new SynchronousQueue<>();
        private final SynchronousQueue<Word> toTest = new SynchronousQueue<>();
        private boolean ended;
        private volatile @Nullable Throwable failure;

        private void run(Bucket bucket, Task work) {
            try {
                pause(); // before its first request
                work.run(new Stopping(bucket, this));
            } catch (KilledException e) {
                ended = true;
            } catch (Exception | Error e) {
                failure = e;
            }
            put(toTest, Word.ENDED);
        }

        private void pause() {
            put(toTest, Word.WAITING);
            if (take(toProgram) == Word.DIE) {
                throw new KilledException();
            }
        }

        private void tell(Word word) throws Exception {
            put(toProgram, word);
            ended = take(toTest) == Word.ENDED;
            Throwable failed = failure;
            if (failed != null) {
                throw new AssertionError("a program failed", failed);
            }
        }

        public boolean isEnded() {
            return ended;
        }

        /// Lets it make one request, up to the next or its end.
        public void step() throws Exception {
            tell(Word.GO);
        }

        /// As `kill -9` before its next request.
        public void kill() throws Exception {
            tell(Word.DIE);
        }
    }

    public Program start(Bucket bucket, Task work) {
        Program program = new Program();
        programs.add(program);
        Thread.ofVirtual().start(() -> program.run(bucket, work));
        take(program.toTest);
        return program;
    }

    /// Those that have not ended.
    public List<Program> running() {
        return programs.stream().filter(program -> !program.isEnded()).toList();
    }

    private static final class Stopping extends ForwardingBucket {
        private final Program program;

        Stopping(Bucket inner, Program program) {
            super(inner);
            this.program = program;
        }

        @Override
        protected <T> T around(Call call, Work<T> work) throws BucketException {
            program.pause();
            return work.on(inner());
        }
    }

    private static void put(SynchronousQueue<Word> queue, Word word) {
        try {
            queue.put(word);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Word take(SynchronousQueue<Word> queue) {
        try {
            return queue.take();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
