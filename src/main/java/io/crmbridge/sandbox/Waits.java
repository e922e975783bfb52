package io.crmbridge.sandbox;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Commanded delays, in real time, all of which end at once when their server stops. */
public final class Waits {
    private final CountDownLatch stopped = new CountDownLatch(1);

    public void await(Duration time) {
        if (time.isZero() || time.isNegative()) {
            return;
        }
        try {
            stopped.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public void end() {
        stopped.countDown();
    }
}
