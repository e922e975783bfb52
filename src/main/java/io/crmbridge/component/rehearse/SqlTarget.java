package io.crmbridge.component.rehearse;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.component.CrmBatch;
import io.crmbridge.component.CrmRecord;
import java.util.Collections;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.component.sql.DefaultSqlPrepareStatementStrategy;
import org.apache.camel.component.sql.SqlConstants;
import org.apache.camel.component.sql.SqlEndpoint;
import org.apache.camel.component.sql.SqlHelper;
import org.apache.camel.component.sql.SqlPrepareStatementStrategy;

/** A query with its parameters as they would be bound; no database is asked. */
record SqlTarget(SqlEndpoint endpoint) implements Target {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public Sent sent(Exchange exchange) throws Exception {
        String told = SqlHelper.resolveQuery(exchange.getContext(), endpoint.getQuery(), endpoint.getPlaceholder());
        String query = exchange.getMessage().getHeader(SqlConstants.SQL_QUERY, told, String.class);
        SqlPrepareStatementStrategy strategy = Optional.ofNullable(endpoint.getPrepareStatementStrategy())
                .orElseGet(() -> new DefaultSqlPrepareStatementStrategy(endpoint.getSeparator()));
        String prepared = strategy.prepareQuery(query, true, exchange);
        ArrayNode parameters = JSON.createArrayNode();
        int count = (int) prepared.chars().filter(each -> each == '?').count();
        if (count > 0) {
            Iterator<?> values = strategy.createPopulateIterator(
                    query, prepared, count, exchange, exchange.getMessage().getBody());
            while (values != null && values.hasNext()) {
                parameters.add(CrmRecord.toTree(Collections.singletonList(values.next()))
                        .get(0));
            }
        }
        ObjectNode body = JSON.createObjectNode().put("query", prepared);
        body.set("parameters", parameters);
        return Target.sent(exchange, "sql", Sent.Kind.SQL, "", body);
    }

    @Override
    public void accepted(Exchange exchange, Answer answer) {
        String query = String.valueOf(endpoint.getQuery()).stripLeading().toLowerCase(Locale.ROOT);
        if (query.startsWith("select") || answer.body().isPresent()) {
            exchange.getMessage()
                    .setBody(answer.body().<Object>map(CrmRecord::ofTree).orElseGet(CrmBatch::new));
        } else {
            exchange.getMessage().setHeader(SqlConstants.SQL_UPDATE_COUNT, 1);
        }
    }
}
