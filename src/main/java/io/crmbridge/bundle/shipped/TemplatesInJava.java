package io.crmbridge.bundle.shipped;

import org.apache.camel.builder.RouteBuilder;

/** One route for several feeds. */
public final class TemplatesInJava extends RouteBuilder {

    @Override
    public void configure() {
        routeTemplate("feed-to-webhook-in-java")
                .templateParameter("feed")
                .templateParameter("hook")
                .from("impactiveai:{{feed}}?delay={{poll.delay}}")
                .to("hook:{{hook}}");
        templatedRoute("feed-to-webhook-in-java")
                .routeId("companies-to-webhook-in-java")
                .parameter("feed", "companies")
                .parameter("hook", "companies");
        templatedRoute("feed-to-webhook-in-java")
                .routeId("projects-to-webhook-in-java")
                .parameter("feed", "projects")
                .parameter("hook", "projects");
    }
}
