package io.edgeship.compact.job;

import java.io.IOException;
import java.util.Properties;
import org.quartz.JobBuilder;
import org.quartz.JobDataMap;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.TriggerBuilder;
import org.quartz.impl.StdSchedulerFactory;

/// Runs the cycle on its schedule until it is closed.
public final class CycleScheduler implements AutoCloseable {
    private final Scheduler scheduler;

    private CycleScheduler(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /// @param cycle must not throw
    public static CycleScheduler start(Schedule schedule, Runnable cycle) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("org.quartz.scheduler.instanceName", "edgeship");
        properties.setProperty("org.quartz.threadPool.threadCount", "1");
        properties.setProperty("org.quartz.scheduler.skipUpdateCheck", "true");
        try {
            Scheduler scheduler = new StdSchedulerFactory(properties).getScheduler();
            JobDataMap work = new JobDataMap();
            work.put(CycleJob.WORK, cycle);
            scheduler.scheduleJob(
                    JobBuilder.newJob(CycleJob.class)
                            .withIdentity("cycle")
                            .usingJobData(work)
                            .build(),
                    TriggerBuilder.newTrigger()
                            .withIdentity("cycle")
                            .withSchedule(schedule.toQuartz())
                            .build());
            scheduler.start();
            return new CycleScheduler(scheduler);
        } catch (SchedulerException e) {
            throw new IOException("starting the scheduler: " + e.getMessage(), e);
        }
    }

    /// Waits for the cycle under way.
    @Override
    public void close() throws IOException {
        try {
            scheduler.shutdown(true);
        } catch (SchedulerException e) {
            throw new IOException("stopping the scheduler: " + e.getMessage(), e);
        }
    }
}
