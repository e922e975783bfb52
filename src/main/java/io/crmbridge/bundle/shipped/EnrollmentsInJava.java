package io.crmbridge.bundle.shipped;

import org.apache.camel.builder.RouteBuilder;

/** Who is on a sequence: whom it cannot mail, by mail, and who makes a booking, onto one. */
public final class EnrollmentsInJava extends RouteBuilder {

    @Override
    public void configure() {
        from("impactiveai:enrollments?sequence=*&delay={{poll.delay}}")
                .routeId("enrollments-failing-in-java")
                .filter(simple("${body[lastSendError]} != null && ${body[lastSendError]} != ''"
                        + " && ${body[lastSendError]} != ${exchangeProperty.crmPrevious[lastSendError]}"))
                .to("map:enrollment-failing")
                .to("inbox:enrollments-failing-in-java");
        from("inbox:enrollments-failing-in-java?cron={{failing.cron}}&timeZone={{report.time-zone}}&batchSize=500")
                .routeId("enrollments-failing-mail-in-java")
                .toV("impactiveai:sequences?operation=snapshot&delay={{poll.delay}}", null, "sequences")
                .to("map:sequence-names")
                .to("template:enrollments-failing")
                .to("smtp:office");

        from("impactiveai:bookings?delay={{poll.delay}}")
                .routeId("booking-to-sequence-in-java")
                .filter(simple("${header.CamelCrmChange} == 'created'"
                        + " && ${body[status]} != 'cancelled' && ${body[status]} != 'canceled'"))
                .to("map:booking-to-contact")
                .filter(simple("${body[contactId]} == null && ${body[email]} != null"))
                .to("impactiveai:contacts?operation=upsert&matchBy=email&onMatch=keep")
                .end()
                .filter(simple("${body[contactId]} != null || ${body[id]} != null"))
                .to("impactiveai:enrollments?operation=enroll&sequence={{booking.sequence}}");
    }
}
