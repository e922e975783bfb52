package io.crmbridge.cli;

import io.crmbridge.component.Activity;
import java.io.PrintWriter;
import java.time.Duration;

/** Prints a line per effect, for a person who watches the demo. Its records are synthetic. */
final class Screen implements Activity {
    private final PrintWriter out;

    Screen(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void effect(String routeId, String feed, String record, String target, String result, Duration took) {
        synchronized (out) {
            out.printf("%s → %s (%s), %d ms%n", record, target.replace(':', ' '), result, took.toMillis());
            out.flush();
        }
    }
}
