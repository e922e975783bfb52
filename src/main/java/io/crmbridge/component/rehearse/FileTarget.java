package io.crmbridge.component.rehearse;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.camel.Exchange;
import org.apache.camel.component.file.GenericFileEndpoint;

/** @param name as a route writes it */
record FileTarget(GenericFileEndpoint<?> endpoint, String name) implements Target {
    private static final ObjectMapper JSON = new ObjectMapper();

    private String file(Exchange exchange) {
        String header = exchange.getMessage().getHeader(Exchange.FILE_NAME, String.class);
        if (header != null || endpoint.getFileName() == null) {
            return header == null ? exchange.getMessage().getMessageId() : header;
        }
        return endpoint.getFileName().evaluate(exchange, String.class);
    }

    @Override
    public Sent sent(Exchange exchange) throws Exception {
        return Target.sent(
                exchange,
                name,
                Sent.Kind.FILE,
                "",
                JSON.createObjectNode().put("file", file(exchange)).put("text", Bodies.text(Bodies.of(exchange))));
    }

    @Override
    public void accepted(Exchange exchange, Answer answer) {
        exchange.getMessage().setHeader(Exchange.FILE_NAME_PRODUCED, file(exchange));
    }
}
