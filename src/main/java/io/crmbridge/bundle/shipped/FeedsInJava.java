package io.crmbridge.bundle.shipped;

import org.apache.camel.builder.RouteBuilder;

/** Changes of a feed to files, to a webhook, to a database and to mail. */
public final class FeedsInJava extends RouteBuilder {

    @Override
    public void configure() {
        from("impactiveai:contacts?delay={{poll.delay}}&startFrom=mirror&batchSize=100")
                .routeId("contacts-to-csv-in-java")
                .to("export:in-java/contacts-{date}.csv?roll={{export.roll}}"
                        + "&columns=id,firstName,lastName,email,phone,title,companyName,updatedAt");

        from("impactiveai:projects?delay={{poll.delay}}&startFrom=mirror&batchSize=100")
                .routeId("projects-to-ndjson-in-java")
                .to("export:in-java/projects-{date}.ndjson?roll={{export.roll}}");

        from("impactiveai:deals?delay={{poll.delay}}")
                .routeId("deal-won-to-erp-in-java")
                .filter(simple("${body[stageName]} == 'Won' && ${header.CamelCrmChangedFields} contains 'stageName'"))
                .to("map:deal-to-erp")
                .to("hook:erp");

        from("impactiveai:deals?delay={{poll.delay}}&startFrom=mirror")
                .routeId("deals-to-database-in-java")
                .to("""
                        sql:INSERT INTO deals (id, name, stage, amount, updated_at) \
                        VALUES (:#${body[id]}, :#${body[name]}, :#${body[stageName]}, \
                        CAST(:#${body[amount]} AS numeric), :#${body[updatedAt]}) \
                        ON CONFLICT (id) DO UPDATE SET name = excluded.name, stage = excluded.stage, \
                        amount = excluded.amount, updated_at = excluded.updated_at \
                        WHERE deals.updated_at <= excluded.updated_at\
                        ?dataSource=#warehouse""");

        from("impactiveai:deals?delay={{poll.delay}}")
                .routeId("deal-won-mail-in-java")
                .filter(simple("${body[stageName]} == 'Won' && ${header.CamelCrmChangedFields} contains 'stageName'"))
                .to("template:deal-won")
                .to("smtp:office");
    }
}
