package io.edgeship.compact.merge;

import java.io.IOException;

/// The bucket is no longer what the plan was made of: a source is gone, or became another one while it was read. Nothing
/// was committed; the next plan is made of what is there then.
public final class StalePlanException extends IOException {
    private static final long serialVersionUID = 1;

    StalePlanException(String message) {
        super(message);
    }

    static StalePlanException changed(String key, String was, String is) {
        return new StalePlanException("%s changed while it was read: it was %s and is %s".formatted(key, was, is));
    }
}
