package io.crmbridge.sandbox;

import jakarta.mail.MessagingException;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets leads come in by a form, by files and by mail, on a daemon thread. */
final class Leads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Leads.class);
    /** The first one of each way comes after this part of its period. */
    private static final int SOONER = 3;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "sandbox-leads");
        thread.setDaemon(true);
        return thread;
    });

    private final Clock clock;
    private final long seed;
    private final List<ScheduledFuture<?>> ticking = new ArrayList<>();

    Leads(Clock clock, long seed) {
        this.clock = clock;
        this.seed = seed;
    }

    /** @param origin of the page with the form */
    synchronized void start(LeadOptions options, URI origin, int mailPort) {
        ticking.forEach(one -> one.cancel(false));
        ticking.clear();
        LeadPeople people = new LeadPeople(seed, options.most());
        each(options.formEach(), new FormLeads(people, options.inbox(), origin, new Random(seed + 1)));
        each(options.csvEach(), new CsvLeads(people, options.folder(), options.csvLines(), clock));
        each(options.mailEach(), new MailLeads(people, mailPort, clock, new Random(seed + 2)));
    }

    private void each(Duration period, LeadSender sender) {
        ticking.add(timer.scheduleWithFixedDelay(
                () -> sendOrReport(sender), period.toNanos() / SOONER, period.toNanos(), TimeUnit.NANOSECONDS));
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private static void sendOrReport(LeadSender sender) {
        try {
            sender.send();
        } catch (IOException | MessagingException e) {
            LOG.debug("A lead did not get through and is sent again", e);
        } catch (RuntimeException e) {
            // The timer would drop the exception and stop without a word.
            LOG.error("The sandbox could not make a lead and goes on with the next", e);
        }
    }
}
