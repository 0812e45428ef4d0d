package io.edgeship.compact.job;

import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.quartz.CronExpression;
import org.quartz.CronScheduleBuilder;
import org.quartz.ScheduleBuilder;
import org.quartz.SimpleScheduleBuilder;

/// When cycles begin.
public sealed interface Schedule {
    /// Whenever a cron expression of Quartz matches, in the machine's zone.
    record Cron(String expression) implements Schedule {}

    /// At start, and this long after each begin; a cycle that takes longer delays the next.
    record Every(Duration interval) implements Schedule {}

    /// @throws IllegalArgumentException for an expression that Quartz does not understand, or whose time never comes
    static Schedule cron(String expression) {
        try {
            if (new CronExpression(expression).getNextValidTimeAfter(Date.from(Instant.now())) == null) {
                throw new IllegalArgumentException("its time never comes");
            }
            return new Cron(expression);
        } catch (ParseException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    static Schedule every(Duration interval) {
        return new Every(interval);
    }

    /// As Quartz wants it. A begin that was missed because the cycle before was still at work is left out.
    default ScheduleBuilder<?> toQuartz() {
        return switch (this) {
            case Cron(var expression) ->
                CronScheduleBuilder.cronSchedule(expression).withMisfireHandlingInstructionDoNothing();
            case Every(var interval) ->
                SimpleScheduleBuilder.simpleSchedule()
                        .withIntervalInMilliseconds(interval.toMillis())
                        .repeatForever()
                        .withMisfireHandlingInstructionNextWithRemainingCount();
        };
    }
}
