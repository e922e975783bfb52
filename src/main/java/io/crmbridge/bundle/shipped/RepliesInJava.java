package io.crmbridge.bundle.shipped;

import org.apache.camel.builder.RouteBuilder;

/** What people answer: to a webhook, in a mail a day, and off every sequence for who asks to stop. */
public final class RepliesInJava extends RouteBuilder {

    @Override
    public void configure() {
        from("impactiveai:replies?sequence=*&delay={{poll.delay}}")
                .routeId("replies-to-webhook-in-java")
                .to("map:reply")
                .to("hook:replies");

        routeTemplate("reply-that-says-stop-in-java")
                .templateParameter("replies")
                .from("impactiveai:{{replies}}?sequence=*&startFrom=mirror&delay={{poll.delay}}")
                .to("map:reply")
                .filter(simple("${body[stop]}"))
                .idempotentConsumer(simple("${body[id]}"))
                .idempotentRepository("#bridgeIdempotentRepository")
                .to("impactiveai:enrollments?operation=unenroll&contact=${body[contactId]}"
                        + "&sequence=*&suppress=everywhere");
        templatedRoute("reply-that-says-stop-in-java")
                .routeId("replies-stop-in-java")
                .parameter("replies", "replies");
        templatedRoute("reply-that-says-stop-in-java")
                .routeId("contact-replies-stop-in-java")
                .parameter("replies", "contact-replies");

        from("impactiveai:replies?sequence=*&delay={{poll.delay}}")
                .routeId("replies-collect-in-java")
                .to("map:reply")
                .to("inbox:replies-digest-in-java?key=${body[id]}");
        from("inbox:replies-digest-in-java?cron={{digest.cron}}&timeZone={{report.time-zone}}&batchSize=1000")
                .routeId("replies-digest-in-java")
                .toV("impactiveai:sequences?operation=snapshot&delay={{poll.delay}}", null, "sequences")
                .to("map:sequence-names")
                .to("template:replies-digest")
                .to("smtp:office");
    }
}
