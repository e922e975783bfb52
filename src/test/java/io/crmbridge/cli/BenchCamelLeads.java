package io.crmbridge.cli;

import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.http.HttpMethods;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.dataformat.JsonLibrary;

/** What somebody would write in plain Camel behind Java's own web server: create, enroll; no log, no key, no intent. */
final class BenchCamelLeads {
    private BenchCamelLeads() {}

    /** Arguments: server, warm-up, counted. */
    public static void main(String[] arguments) throws Exception {
        String server = arguments[0];
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:leads")
                            .setHeader(Exchange.HTTP_METHOD, constant(HttpMethods.POST))
                            .setHeader(Exchange.CONTENT_TYPE, constant("application/json"))
                            .setHeader("x-api-key", constant("icrm_00000000000000000000000000000000"))
                            .to(server + "/api/agent/contacts")
                            .unmarshal()
                            .json(JsonLibrary.Jackson)
                            .setBody(simple("{\"contactIds\":[\"${body[id]}\"]}"))
                            .to(server + "/api/agent/sequences/cmseq0000000000001/enroll");
                }
            });
            context.start();
            ProducerTemplate template = context.createProducerTemplate();
            BenchBareLeads.measure(arguments, lead -> template.requestBody("direct:leads", lead));
        }
    }
}
