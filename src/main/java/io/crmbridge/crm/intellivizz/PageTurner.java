package io.crmbridge.crm.intellivizz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.Page;
import io.crmbridge.crm.Row;
import io.crmbridge.crm.Verdict;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a page is asked with, and what comes after it. A page of fewer rows than any server cuts off at is the last one; after
 * any other one more is asked for, as a server may show fewer at a time than it was asked for. Pages by offset overlap by one row, which
 * shows whether rows came or went between two of them.
 */
final class PageTurner {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** No server's limit is lower. */
    private static final int LEAST_LIMIT = 20;

    private static final String OFFSET = "offset";
    private static final String PAGE = "page";
    private static final String LIMIT = "limit";
    private static final String SEARCH_AFTER = "searchAfter";
    private static final String START_AFTER = "startAfter";
    private static final String START_AFTER_ID = "startAfterId";
    private static final String CURSOR = "cursor";
    /** Of a token: which row the next page begins with. */
    private static final String LAST = "last";

    private final Paging paging;
    private final Optional<ObjectNode> after;

    /** @param after as the page before told; empty: the first */
    PageTurner(Paging paging, Optional<String> after) {
        this.paging = paging;
        this.after = after.map(PageTurner::read);
    }

    private static ObjectNode read(String token) {
        try {
            return (ObjectNode) JSON.readTree(token);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no page's token", e);
        }
    }

    Map<String, JsonNode> values() {
        Map<String, JsonNode> values = new HashMap<>();
        after.ifPresent(token -> token.properties().stream()
                .filter(value -> !value.getKey().equals(LAST))
                .forEach(value -> values.put(value.getKey(), value.getValue())));
        if (after.isEmpty()) {
            switch (paging.style()) {
                case PAGE -> values.put(PAGE, IntNode.valueOf(1));
                case OFFSET -> values.put(OFFSET, IntNode.valueOf(0));
                case START_AFTER, SEARCH_AFTER, CURSOR -> {}
            }
        }
        return values;
    }

    /** @param answer the whole of it, read only where it tells what comes next */
    Page turn(List<Row> rows, Optional<Instant> date, Supplier<JsonNode> answer) {
        Optional<String> last =
                after.map(token -> token.path(LAST)).filter(JsonNode::isTextual).map(JsonNode::asText);
        boolean overlaps = last.isPresent();
        boolean moved =
                overlaps && !rows.stream().findFirst().map(PageTurner::name).equals(last);
        List<Row> fresh = overlaps && !moved ? rows.subList(1, rows.size()) : rows;
        if (rows.size() < Math.min(LEAST_LIMIT, paging.limit()) && paging.style() != Paging.Style.CURSOR
                || fresh.isEmpty()) {
            return new Page(fresh, date, Optional.empty(), moved);
        }
        return new Page(fresh, date, next(rows, answer).map(JsonNode::toString), moved);
    }

    private Optional<ObjectNode> next(List<Row> rows, Supplier<JsonNode> answer) {
        ObjectNode token = JsonNodeFactory.instance.objectNode();
        switch (paging.style()) {
            case PAGE -> {
                token.put(PAGE, after.map(it -> it.path(PAGE).asInt()).orElse(1) + 1);
                // A server that shows fewer rows than it is asked for may still count its pages by what it is asked
                // for.
                token.put(LIMIT, after.map(it -> it.path(LIMIT).asInt()).orElse(rows.size()));
            }
            case OFFSET -> {
                int offset = after.map(it -> it.path(OFFSET).asInt()).orElse(0);
                if (paging.limit() == 1) {
                    token.put(OFFSET, offset + 1);
                } else {
                    token.put(OFFSET, offset + rows.size() - 1);
                    token.put(LAST, name(rows.get(rows.size() - 1)));
                }
            }
            case START_AFTER -> {
                JsonNode told =
                        paging.next().map(path -> at(answer.get(), path)).orElse(token);
                if (told.hasNonNull(START_AFTER) && told.hasNonNull(START_AFTER_ID)) {
                    token.set(START_AFTER, told.get(START_AFTER));
                    token.set(START_AFTER_ID, told.get(START_AFTER_ID));
                } else {
                    Row last = last(rows);
                    token.put(START_AFTER, last.stamp().orElseThrow().toEpochMilli());
                    token.put(START_AFTER_ID, last.id().orElseThrow());
                }
            }
            case SEARCH_AFTER -> {
                JsonNode told = paging.next()
                        .map(path -> at(answer.get(), path))
                        .orElseGet(() -> rows.get(rows.size() - 1).node().path(SEARCH_AFTER));
                if (told.isArray()) {
                    token.set(SEARCH_AFTER, told);
                } else {
                    Row last = last(rows);
                    token.putArray(SEARCH_AFTER)
                            .add(last.stamp().orElseThrow().toEpochMilli())
                            .add(last.id().orElseThrow());
                }
            }
            case CURSOR -> {
                JsonNode told = at(answer.get(), paging.next().orElse("nextCursor"));
                if (!told.isValueNode() || told.isNull() || told.asText().isBlank()) {
                    return Optional.empty();
                }
                token.set(CURSOR, told);
            }
        }
        return Optional.of(token);
    }

    /** Also a row without an id is to be known again. */
    private static String name(Row row) {
        return row.id().orElseGet(row::mark);
    }

    private static Row last(List<Row> rows) {
        for (int i = rows.size() - 1; i >= 0; i--) {
            if (rows.get(i).isWhole()) {
                return rows.get(i);
            }
        }
        throw new CrmException(
                Verdict.BROKEN, "a page has no row with an id and a readable stamp, so there is none to go on from");
    }

    private static JsonNode at(JsonNode answer, String path) {
        return answer.at("/" + path.replace('.', '/'));
    }
}
