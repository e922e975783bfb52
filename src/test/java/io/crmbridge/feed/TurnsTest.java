package io.crmbridge.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TurnsTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private void work() {
        most.accumulateAndGet(running.incrementAndGet(), Math::max);
        done.incrementAndGet();
        running.decrementAndGet();
    }

    private static void waitFor(CountDownLatch answer) {
        try {
            answer.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void every_task_runs_once_and_no_more_than_so_many_at_a_time() {
        Turns turns = new Turns(threads, 3);
        for (int i = 0; i < 20_000; i++) {
            turns.execute(this::work);
        }

        await().until(() -> done.get() >= 20_000);
        turns.execute(this::work);
        await().until(() -> done.get() == 20_001);
        assertThat(most.get()).isLessThanOrEqualTo(3);
    }

    @Test
    void one_that_waits_keeps_no_thread_from_others_and_one_that_fails_gives_its_turn_on() {
        CountDownLatch answer = new CountDownLatch(1);
        Turns silent = new Turns(threads, 1);
        Turns other = new Turns(threads, 1);
        silent.execute(() -> waitFor(answer));
        silent.execute(this::work);
        other.execute(() -> {
            throw new IllegalStateException("of a test");
        });
        other.execute(this::work);

        await().dontCatchUncaughtExceptions().until(() -> done.get() == 1);
        answer.countDown();
        await().dontCatchUncaughtExceptions().until(() -> done.get() == 2);
    }
}
