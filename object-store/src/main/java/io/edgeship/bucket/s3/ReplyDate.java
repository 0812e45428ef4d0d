package io.edgeship.bucket.s3;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import software.amazon.awssdk.http.SdkHttpResponse;

/// What a reply says of the time.
final class ReplyDate {
    private ReplyDate() {}

    /// Empty for a store without a readable clock.
    static Optional<Instant> of(SdkHttpResponse reply) {
        return reply.firstMatchingHeader("Date").flatMap(ReplyDate::parse);
    }

    private static Optional<Instant> parse(String date) {
        try {
            return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
