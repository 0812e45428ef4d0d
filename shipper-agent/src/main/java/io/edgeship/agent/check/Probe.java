package io.edgeship.agent.check;

import io.edgeship.bucket.BucketException;
import java.io.IOException;

/// What came of one request.
///
/// @param words the store's, where there is something to say
record Probe(Result result, String words) {
    enum Result {
        /// It was carried out.
        DONE,
        /// 403.
        DENIED,
        /// 404: it may be asked for, and is not there.
        MISSING,
        /// Not sent, for the link is closed.
        HELD_BACK,
        /// Anything else, above all no link.
        FAILED
    }

    interface Request {
        void run() throws IOException;
    }

    static Probe of(Request request) {
        try {
            request.run();
            return new Probe(Result.DONE, "");
        } catch (BucketException.AccessDenied e) {
            return new Probe(Result.DENIED, words(e));
        } catch (BucketException.NotFound | BucketException.NoSuchUpload e) {
            return new Probe(Result.MISSING, words(e));
        } catch (BucketException.HeldBack e) {
            return new Probe(Result.HELD_BACK, words(e));
        } catch (IOException e) {
            return new Probe(Result.FAILED, words(e));
        }
    }

    private static String words(IOException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
