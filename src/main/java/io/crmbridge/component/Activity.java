package io.crmbridge.component;

import java.time.Duration;
import org.apache.camel.Exchange;

/** Hears of each effect as it happens: for the demo's screen and for counters. Called from delivery threads. */
public interface Activity {
    Activity NONE = (routeId, feed, record, target, result, took) -> {};

    /**
     * @param record what a person calls the record; it may be personal data, so it is for a screen, not for a log
     * @param target as the route names it, for example {@code hook:erp}
     */
    void effect(String routeId, String feed, String record, String target, String result, Duration took);

    /** The same, for what an exchange is about. */
    default void effect(Exchange exchange, String target, String result, Duration took) {
        if (this != NONE) {
            effect(
                    exchange.getFromRouteId(),
                    exchange.getMessage().getHeader(CrmConstants.FEED, "", String.class),
                    RecordLabel.of(exchange),
                    target,
                    result,
                    took);
        }
    }
}
