package io.crmbridge.bundle.shipped;

import org.apache.camel.builder.RouteBuilder;

/** Leads to contacts and into sequences, and in from files and from a mailbox. */
public final class LeadsInJava extends RouteBuilder {

    @Override
    public void configure() {
        from("file:{{leads.folder}}/in-java?include=RAW((?i).*\\.csv)&readLock=changed&move=.done&moveFailed=.failed")
                .routeId("leads-csv-in-java")
                .to("inbox:leads?format=csv");

        from("{{leads.mail.url}}?username={{leads.mail.username}}&password=RAW({{leads.mail.password}})"
                        + "&delay={{leads.mail.delay}}&mapMailMessage=false")
                .routeId("leads-mail-in-java")
                .to("inbox:leads?format=mail");

        from("inbox:leads")
                .routeId("leads-in-java")
                .to("lead:web")
                .to("impactiveai:contacts?operation=upsert&onMatch=keep")
                .to("impactiveai:enrollments?operation=enroll")
                .to("export:in-java/leads-{date}.csv?roll={{export.roll}}"
                        + "&columns=contactId,email,contact,source,country,sequence,outcome,reason,detail");
    }
}
