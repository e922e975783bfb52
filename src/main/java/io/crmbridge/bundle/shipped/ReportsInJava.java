package io.crmbridge.bundle.shipped;

import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.RouteDefinition;

/** What a schedule asks the snapshot for: a table by mail, what is overdue, files of everything. */
public final class ReportsInJava extends RouteBuilder {

    @Override
    public void configure() {
        from("quartz:deals-report-in-java?cron={{report.cron}}&trigger.timeZone={{report.time-zone}}")
                .routeId("deals-report-in-java")
                .to("impactiveai:deals?operation=snapshot")
                .to("export:deals-{date}.csv?as=attachment"
                        + "&columns=id,name,stageName,amount,currency,companyName,updatedAt")
                .to("template:deals-report")
                .to("smtp:office");

        from("quartz:invoices-overdue-in-java?cron={{overdue.cron}}&trigger.timeZone={{report.time-zone}}")
                .routeId("invoices-overdue-in-java")
                .to("impactiveai:invoices?operation=snapshot&once=id,dueDate"
                        + "&where=RAW(${body[status]} != 'paid' && ${body[dueDate]} < ${date:now:yyyy-MM-dd})")
                .filter(simple("${header.CamelCrmCount} > 0"))
                .to("template:invoices-overdue")
                .to("smtp:office");

        RouteDefinition weekly =
                from("quartz:weekly-export-in-java?cron={{weekly.cron}}&trigger.timeZone={{report.time-zone}}")
                        .routeId("weekly-export-in-java");
        for (String feed : List.of("contacts", "companies", "deals", "invoices", "projects")) {
            weekly.to("impactiveai:" + feed + "?operation=snapshot")
                    .id("snapshot-" + feed + "-in-java")
                    .to("export:in-java/weekly/{feed}-{date}.ndjson")
                    .id("weekly-" + feed + "-in-java");
        }
    }
}
