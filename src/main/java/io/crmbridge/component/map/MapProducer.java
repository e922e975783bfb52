package io.crmbridge.component.map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.schibsted.spt.data.jslt.Expression;
import com.schibsted.spt.data.jslt.JsltException;
import io.crmbridge.component.CrmRecord;
import io.crmbridge.component.TargetException;
import io.crmbridge.feed.Outcome;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

final class MapProducer extends DefaultProducer {
    private static final Pattern PLACE = Pattern.compile("at ([\\w.-]+:\\d+:\\d+)");

    private final MapEndpoint endpoint;
    private final Expression expression;

    MapProducer(MapEndpoint endpoint, Expression expression) {
        super(endpoint);
        this.endpoint = endpoint;
        this.expression = expression;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        JsonNode input = CrmRecord.toTree(exchange.getMessage().getBody());
        JsonNode output;
        try {
            output = expression.apply(variables(exchange), input);
        } catch (JsltException e) {
            // The message may quote the record, so only the place is told.
            Matcher place = PLACE.matcher(String.valueOf(e.getMessage()));
            String reason =
                    "mapping %s failed%s".formatted(endpoint.getName(), place.find() ? " at " + place.group(1) : "");
            throw new TargetException(new Outcome.Permanent(reason), reason, e);
        }
        exchange.getMessage().setBody(CrmRecord.ofTree(output));
    }

    private static Map<String, JsonNode> variables(Exchange exchange) {
        Map<String, JsonNode> variables = new HashMap<>();
        exchange.getMessage().getHeaders().forEach((name, value) -> {
            if (value instanceof String text) {
                variables.put(name, TextNode.valueOf(text));
            } else if (value instanceof Boolean flag) {
                variables.put(name, BooleanNode.valueOf(flag));
            } else if (value instanceof Integer || value instanceof Long) {
                variables.put(name, LongNode.valueOf(((Number) value).longValue()));
            }
        });
        return variables;
    }
}
