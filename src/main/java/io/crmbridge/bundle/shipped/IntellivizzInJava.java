package io.crmbridge.bundle.shipped;

import org.apache.camel.builder.RouteBuilder;

/** Intellivizz to ImpactiveAI, to a webhook and to a mail. */
public final class IntellivizzInJava extends RouteBuilder {

    @Override
    public void configure() {
        from("intellivizz:form-submissions?connection=intellivizz&form={{intellivizz.form}}"
                        + "&delay={{intellivizz.poll.delay}}")
                .routeId("form-to-lead-in-java")
                .to("map:submission-to-lead")
                .to("lead:forms")
                .to("impactiveai:contacts?operation=upsert&onMatch=keep")
                .to("impactiveai:enrollments?operation=enroll")
                .to("export:in-java/form-leads-{date}.csv?roll={{export.roll}}"
                        + "&columns=contactId,email,contact,source,country,sequence,outcome,reason,detail");

        from("intellivizz:opportunities?connection=intellivizz&delay={{intellivizz.poll.delay}}")
                .routeId("opportunity-won-to-webhook-in-java")
                .filter(simple("${body[status]} == 'won' && ${header.CamelCrmChangedFields} contains 'status'"))
                .to("hook:opportunities");

        from("intellivizz:appointments?connection=intellivizz&delay={{intellivizz.poll.delay}}")
                .routeId("appointment-mail-in-java")
                .filter(simple("${header.CamelCrmChange} == 'created'"
                        + " || ${header.CamelCrmChangedFields} contains 'startTime'"
                        + " || ${header.CamelCrmChangedFields} contains 'appointmentStatus'"))
                .to("template:appointment")
                .to("smtp:office");
    }
}
