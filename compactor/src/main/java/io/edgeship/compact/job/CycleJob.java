package io.edgeship.compact.job;

import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobExecutionContext;

/// Runs one cycle. Two never run at once.
@DisallowConcurrentExecution
public final class CycleJob implements Job {
    static final String WORK = "work";

    @Override
    public void execute(JobExecutionContext context) {
        if (!(context.getMergedJobDataMap().get(WORK) instanceof Runnable cycle)) {
            throw new IllegalStateException("a job without work");
        }
        cycle.run();
    }
}
