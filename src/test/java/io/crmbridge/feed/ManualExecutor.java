package io.crmbridge.feed;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** Queues tasks until it is told to run them, on the caller's thread. Thread-safe. */
final class ManualExecutor implements Executor {
    private final List<Runnable> waiting = new ArrayList<>();

    @Override
    public synchronized void execute(Runnable task) {
        waiting.add(task);
    }

    /** Runs the task at this place of the queue, counted round; false if there is none. */
    boolean runOne(int place) {
        Runnable task;
        synchronized (this) {
            if (waiting.isEmpty()) {
                return false;
            }
            task = waiting.remove(Math.floorMod(place, waiting.size()));
        }
        task.run();
        return true;
    }

    synchronized void clear() {
        waiting.clear();
    }
}
