package io.crmbridge.component.map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.schibsted.spt.data.jslt.JsltException;
import io.crmbridge.component.CrmRecord;
import io.crmbridge.component.TargetException;
import io.crmbridge.feed.Outcome;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

final class MapProducer extends DefaultProducer {
    private static final Pattern PLACE = Pattern.compile("at ([\\w.-]+:\\d+:\\d+)");

    private final MapEndpoint endpoint;
    private final Mappings.Mapping mapping;

    MapProducer(MapEndpoint endpoint, Mappings.Mapping mapping) {
        super(endpoint);
        this.endpoint = endpoint;
        this.mapping = mapping;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        JsonNode input = CrmRecord.toTree(exchange.getMessage().getBody());
        JsonNode output;
        try {
            output = mapping.expression().apply(variables(exchange), input);
        } catch (JsltException e) {
            // The message may quote the record, so only the place is told.
            Matcher place = PLACE.matcher(String.valueOf(e.getMessage()));
            String reason =
                    "mapping %s failed%s".formatted(endpoint.getName(), place.find() ? " at " + place.group(1) : "");
            throw new TargetException(new Outcome.Permanent(reason), reason, e);
        }
        exchange.getMessage().setBody(CrmRecord.ofTree(output));
    }

    /** Only those that the mapping mentions; what is not there is null. */
    private Map<String, JsonNode> variables(Exchange exchange) throws IOException {
        if (mapping.variables().isEmpty()) {
            return Map.of();
        }
        Map<String, JsonNode> variables = new HashMap<>();
        for (String name : mapping.variables()) {
            Object value = exchange.getMessage().getHeader(name);
            if (value == null) {
                value = exchange.getProperty(name);
            }
            if (value == null) {
                value = exchange.getVariable(name);
            }
            boolean json = value instanceof Boolean
                    || value instanceof Number
                    || value instanceof Collection<?>
                    || value instanceof Map<?, ?>
                    || value instanceof JsonNode;
            variables.put(
                    name,
                    value instanceof String text
                            ? TextNode.valueOf(text)
                            : json ? CrmRecord.toTree(value) : NullNode.getInstance());
        }
        return variables;
    }
}
