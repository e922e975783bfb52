package io.crmbridge.bundle.shipped;

import io.crmbridge.component.CrmConstants;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.dataformat.JsonLibrary;

/** A webhook of a form of its own, by Camel's http: or https:; set CHAT_WEBHOOK_URL before this class is named. */
public final class ChatInJava extends RouteBuilder {

    @Override
    public void configure() {
        from("impactiveai:contacts?delay={{poll.delay}}")
                .routeId("contact-to-chat-in-java")
                .filter(simple("${header.CamelCrmChange} == 'created'"))
                .to("map:contact-to-chat")
                .marshal()
                .json(JsonLibrary.Jackson)
                .setHeader(Exchange.HTTP_METHOD, constant("POST"))
                .setHeader(Exchange.CONTENT_TYPE, constant("application/json"))
                .setHeader("Idempotency-Key", header(CrmConstants.IDEMPOTENCY_KEY))
                .to("{{chat.webhook}}");
    }
}
