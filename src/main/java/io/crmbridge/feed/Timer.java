package io.crmbridge.feed;

import java.time.Duration;

/** Runs a task once after a wait. Thread-safe. */
public interface Timer {
    void schedule(Duration wait, Runnable task);
}
