package io.crmbridge.bundle.shipped;

import org.apache.camel.builder.RouteBuilder;

/** Leads to contacts and into sequences. */
public final class LeadsInJava extends RouteBuilder {

    @Override
    public void configure() {
        from("inbox:leads")
                .routeId("leads-in-java")
                .to("lead:web")
                .to("impactiveai:contacts?operation=upsert&onMatch=keep")
                .to("impactiveai:enrollments?operation=enroll")
                .to("export:in-java/leads-{date}.csv?roll={{export.roll}}"
                        + "&columns=contactId,email,contact,source,country,sequence,outcome,reason,detail");
    }
}
