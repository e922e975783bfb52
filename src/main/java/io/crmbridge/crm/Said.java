package io.crmbridge.crm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;

/** What a 2xx answer to a write says. */
public sealed interface Said {

    /**
     * It is done.
     *
     * @param recordId of what was made
     * @param record as the CRM shows it
     */
    record Made(String recordId, JsonNode record) implements Said {}

    /** It is not done, and says so with a status that means the opposite. */
    record Rejected(String reason) implements Said {}

    /** Nothing that could be relied on. */
    record Nothing() implements Said {}

    /**
     * An object with an id, or an object whose only object member is one; an object with an error and no id is a rejection.
     * An id may be a number or a text.
     */
    static Said of(JsonNode answer) {
        JsonNode record = answer;
        if (answer.isObject() && id(answer).isEmpty()) {
            JsonNode only = null;
            for (JsonNode member : answer) {
                if (member.isObject()) {
                    only = only == null ? member : answer;
                }
            }
            record = only == null ? answer : only;
        }
        String id = id(record);
        if (!id.isEmpty()) {
            return new Made(id, record);
        }
        boolean failed = answer.isObject()
                && (says(answer.path("error"))
                        || says(answer.path("errors"))
                        || answer.path("success").isBoolean()
                                && !answer.path("success").asBoolean());
        return failed ? new Rejected("it answered with an error and the status of a success") : new Nothing();
    }

    private static boolean says(JsonNode error) {
        return error.isContainerNode()
                ? !error.isEmpty()
                : !error.isNull()
                        && !error.asText("").isBlank()
                        && !error.asText().equals("false");
    }

    /** Empty where it has none. */
    static String id(JsonNode record) {
        JsonNode id = record.path("id");
        return id.isTextual() || id.isIntegralNumber() ? id.asText() : "";
    }

    /**
     * The rows of a list: a bare array, or the only array in an object, or in its only object.
     *
     * @throws CrmException where there is no list: that is not the same as an empty one
     */
    static List<JsonNode> rows(JsonNode answer) {
        JsonNode list = answer;
        if (answer.isObject()) {
            list = only(answer, JsonNode::isArray)
                    .or(() -> only(answer, JsonNode::isObject).flatMap(inner -> only(inner, JsonNode::isArray)))
                    .orElse(answer);
        }
        if (!list.isArray()) {
            throw new CrmException(Verdict.BROKEN, "a list was asked for, and the answer has none");
        }
        return StreamSupport.stream(list.spliterator(), false)
                .filter(JsonNode::isObject)
                .toList();
    }

    private static Optional<JsonNode> only(JsonNode object, Predicate<JsonNode> kind) {
        List<JsonNode> members =
                StreamSupport.stream(object.spliterator(), false).filter(kind).toList();
        return members.size() == 1 ? Optional.of(members.get(0)) : Optional.empty();
    }
}
