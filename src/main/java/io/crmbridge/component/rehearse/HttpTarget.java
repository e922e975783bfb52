package io.crmbridge.component.rehearse;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.http.common.HttpCommonEndpoint;

record HttpTarget(HttpCommonEndpoint endpoint) implements Target {

    private String url() {
        return endpoint.getHttpUri().toString().replaceFirst("\\?.*", "");
    }

    @Override
    public Sent sent(Exchange exchange) throws Exception {
        Message message = exchange.getMessage();
        String method = message.getHeader(Exchange.HTTP_METHOD, String.class);
        if (method == null) {
            method = message.getBody() == null ? "GET" : "POST";
        }
        Map<String, String> headers = new TreeMap<>();
        message.getHeaders().forEach((name, value) -> {
            if (value != null && !endpoint.getHeaderFilterStrategy().applyFilterToCamelHeaders(name, value, exchange)) {
                headers.put(name, String.valueOf(value));
            }
        });
        Optional.ofNullable(message.getHeader(Exchange.CONTENT_TYPE, String.class))
                .ifPresent(type -> headers.put(Exchange.CONTENT_TYPE, type));
        return Target.sent(exchange, url(), Sent.Kind.HTTP, method, Bodies.of(exchange), headers, Optional.empty());
    }

    @Override
    public void accepted(Exchange exchange, Answer answer) {
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, answer.status() == 0 ? 200 : answer.status());
        exchange.getMessage().setBody(answer.body().map(Bodies::text).orElse(""));
    }

    @Override
    public Exception failure(Answer answer) {
        return answer.failure().isPresent()
                ? Target.failure(answer, "the target")
                : new HttpOperationFailedException(
                        url(),
                        answer.status(),
                        "",
                        null,
                        Map.of(),
                        answer.body().map(Bodies::text).orElse(""));
    }
}
