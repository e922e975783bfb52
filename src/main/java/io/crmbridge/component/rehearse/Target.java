package io.crmbridge.component.rehearse;

import com.fasterxml.jackson.databind.JsonNode;
import io.crmbridge.component.Outcomes;
import io.crmbridge.component.TargetException;
import io.crmbridge.feed.Outcome;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.support.ExchangeHelper;

/** One kind of target: what a step sends to it, and what the exchange is like afterwards. */
interface Target {

    /** What would be sent; throws what the real step would throw before it sends. */
    Sent sent(Exchange exchange) throws Exception;

    /** It was accepted. */
    void accepted(Exchange exchange, Answer answer) throws Exception;

    /** It failed. */
    default Exception failure(Answer answer) {
        return failure(answer, "the target");
    }

    static TargetException failure(Answer answer, String who) {
        String reason = answer.status() > 0 ? "%s answered %d".formatted(who, answer.status()) : who + " failed";
        Outcome outcome =
                answer.failure().orElseGet(() -> Outcomes.ofStatus(answer.status(), reason, Optional.empty()));
        return new TargetException(outcome, answer.status(), reason, null);
    }

    static Sent sent(Exchange exchange, String to, Sent.Kind kind, String operation, JsonNode body) {
        return sent(exchange, to, kind, operation, body, Map.of(), Optional.empty());
    }

    static Sent sent(
            Exchange exchange,
            String to,
            Sent.Kind kind,
            String operation,
            JsonNode body,
            Map<String, String> headers,
            Optional<String> key) {
        return new Sent(
                to,
                kind,
                operation,
                Map.of(),
                body,
                headers,
                key,
                String.valueOf(ExchangeHelper.getRouteId(exchange)),
                Optional.ofNullable(exchange.getExchangeExtension().getHistoryNodeId()));
    }
}
