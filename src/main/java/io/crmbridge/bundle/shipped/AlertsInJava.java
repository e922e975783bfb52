package io.crmbridge.bundle.shipped;

import org.apache.camel.builder.RouteBuilder;

/** What is not well with the bridge, by mail. */
public final class AlertsInJava extends RouteBuilder {

    @Override
    public void configure() {
        from("events:all").routeId("alerts-in-java").to("template:alert").to("smtp:office");
    }
}
