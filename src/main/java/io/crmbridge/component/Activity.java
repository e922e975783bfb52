package io.crmbridge.component;

import java.time.Duration;

/** Hears of each effect as it happens: for the demo's screen and for counters. Called from delivery threads. */
public interface Activity {
    Activity NONE = (routeId, feed, record, target, result, took) -> {};

    /**
     * @param record what a person calls the record; it may be personal data, so it is for a screen, not for a log
     * @param target as the route names it, for example {@code hook:erp}
     */
    void effect(String routeId, String feed, String record, String target, String result, Duration took);
}
