package io.crmbridge.bundle.shipped;

import org.apache.camel.builder.RouteBuilder;

/** A feed to a webhook, a database, a mail; a report on a schedule; a template with two uses; what is not well. */
public final class DealsInJava extends RouteBuilder {

    @Override
    public void configure() {
        from("impactiveai:deals?delay={{poll.delay}}")
                .routeId("deal-won-to-erp-java")
                .filter(simple("${body[stageName]} == 'Won' && ${header.CamelCrmChangedFields} contains 'stageName'"))
                .to("map:deal-to-erp")
                .to("hook:erp");

        from("impactiveai:deals?delay={{poll.delay}}&startFrom=mirror")
                .routeId("deals-to-database-java")
                .to(
                        "sql:INSERT INTO deals (id, name, stage) VALUES (:#${body[id]}, :#${body[name]}, :#${body[stageName]})"
                                + " ON CONFLICT (id) DO UPDATE SET name = excluded.name, stage = excluded.stage"
                                + "?dataSource=#warehouse");

        from("quartz:deals-report-java?cron={{report.cron}}&trigger.timeZone={{report.time-zone}}")
                .routeId("deals-report-java")
                .to("impactiveai:deals?operation=snapshot")
                .to("export:deals-{date}.csv?as=attachment")
                .to("template:deals-report")
                .to("smtp:office");

        from("events:all").routeId("alerts-java").to("template:alert").to("smtp:office");

        routeTemplate("feed-to-webhook-java")
                .templateParameter("feed")
                .templateParameter("hook")
                .from("impactiveai:{{feed}}?delay={{poll.delay}}")
                .to("hook:{{hook}}");
        templatedRoute("feed-to-webhook-java")
                .routeId("companies-to-webhook-java")
                .parameter("feed", "companies")
                .parameter("hook", "companies");
        templatedRoute("feed-to-webhook-java")
                .routeId("projects-to-webhook-java")
                .parameter("feed", "projects")
                .parameter("hook", "projects");
    }
}
