package io.crmbridge.crm.impactiveai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.crm.Call;
import io.crmbridge.crm.Evidence;
import io.crmbridge.crm.FeedContract;
import io.crmbridge.crm.JsonPage;
import io.crmbridge.crm.Reply;
import io.crmbridge.crm.Said;
import io.crmbridge.crm.WriteRules;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * ImpactiveAI's writes. How it is found out whether a write was done: contacts, companies and deals by the Zapier lists, which show the newest 100
 * first with their stamps; bookings, sequences and steps by their lists, which are whole but have no stamps that could be
 * relied on, so that what was there before is noted; enrolments by the sequence's list.
 */
final class ImpactiveAiWrites implements WriteRules {
    /** Clocks are compared by a header that counts seconds. */
    private static final Duration SKEW = Duration.ofSeconds(5);

    private static final Duration DOUBT = Duration.ofMinutes(10);

    private final Function<Call, Reply> caller;
    private final Clock clock;

    ImpactiveAiWrites(Function<Call, Reply> caller, Clock clock) {
        this.caller = caller;
        this.clock = clock;
    }

    @Override
    public Optional<String> batch(Call write) {
        String path = write.operation().path();
        boolean several =
                path.equals("/api/agent/contacts") || write.operation().name().equals("enroll") && !isOfAudience(write);
        return several ? Optional.of(path + " " + write.ids()) : Optional.empty();
    }

    private static boolean isOfAudience(Call enroll) {
        JsonNode body = enroll.body().orElseThrow();
        return body.has("tagIds") || body.has("listIds");
    }

    /** "Send a single object, or an array of objects for batch create"; contacts are enrolled by lists of their ids. */
    @Override
    public Call together(List<Call> writes) {
        Call first = writes.get(0);
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        if (first.operation().name().equals("enroll")) {
            writes.forEach(
                    write -> write.body().orElseThrow().path("contactIds").forEach(all::add));
            return first.withBody(JsonNodeFactory.instance.objectNode().set("contactIds", all));
        }
        writes.forEach(write -> all.add(write.body().orElseThrow()));
        return first.withBody(all);
    }

    /** "Returns the created contact (or an array of contacts for batch)": in the order of the request, as far as shown. */
    @Override
    public List<Reply> apart(List<Call> writes, Reply reply) {
        if (writes.get(0).operation().name().equals("enroll")) {
            return writes.stream()
                    .map(write -> new Reply(
                            about(
                                    write.body()
                                            .orElseThrow()
                                            .path("contactIds")
                                            .path(0)
                                            .asText(),
                                    reply.body()),
                            reply.date()))
                    .toList();
        }
        List<JsonNode> rows =
                reply.body().isContainerNode() && reply.body().isArray() ? Said.rows(reply.body()) : List.of();
        List<Reply> apart = new ArrayList<>();
        for (int i = 0; i < rows.size() && rows.size() == writes.size(); i++) {
            if (mayBe(writes.get(i), rows.get(i))) {
                apart.add(new Reply(rows.get(i), reply.date()));
            }
        }
        return apart.size() == writes.size() ? apart : List.of();
    }

    /** Whether it says nothing at all, or has lists of contacts and the one is in none. */
    private static boolean isSilent(Call enroll, JsonNode answer) {
        boolean lists = false;
        for (JsonNode member : answer) {
            lists |= member.isArray();
        }
        String contact = enroll.body().orElseThrow().path("contactIds").path(0).asText();
        return answer.isEmpty() || lists && !contact.isEmpty() && !names(contact, answer);
    }

    private static boolean names(String contact, JsonNode answer) {
        for (JsonNode list : answer) {
            for (JsonNode row : list) {
                if (isOf(contact, row)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A row of a contact, or its id alone. */
    private static boolean isOf(String contact, JsonNode row) {
        return row.path("contactId")
                .asText(row.isValueNode() ? row.asText() : "")
                .equals(contact);
    }

    /** What an answer about many says of one contact; all of it where its shape does not tell. */
    private static JsonNode about(String contact, JsonNode answer) {
        if (!names(contact, answer)) {
            return answer;
        }
        ObjectNode said = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : answer.properties()) {
            ArrayNode rows = said.putArray(member.getKey());
            for (JsonNode row : member.getValue()) {
                if (isOf(contact, row)) {
                    rows.add(row);
                }
            }
        }
        return said;
    }

    /** "Returns 201 with" what was enrolled and skipped: its shape is not documented, so it is passed on as it is. */
    @Override
    public Said said(Call write, Reply reply) {
        if (write.operation().name().equals("enroll")) {
            if (Said.of(reply.body()) instanceof Said.Rejected rejected) {
                return rejected;
            }
            return isSilent(write, reply.body())
                    ? new Said.Nothing()
                    : new Said.Made(
                            write.body()
                                    .orElseThrow()
                                    .path("contactIds")
                                    .path(0)
                                    .asText(),
                            reply.body());
        }
        return Said.of(reply.body());
    }

    @Override
    public String naturalKey(Call write) {
        String fields = keyFields(write).entrySet().stream()
                .map(field -> field.getKey() + "=" + field.getValue())
                .collect(Collectors.joining("\n"));
        return write.operation().resource() + "\n" + write.ids() + "\n" + fields;
    }

    /** What tells a write's record apart, each as text without case and blanks around it. */
    private static Map<String, String> keyFields(Call write) {
        JsonNode body = write.body().orElseThrow();
        List<String> names = switch (write.operation().resource()) {
            case "contacts" ->
                plain(body.path("email")).isEmpty() ? List.of("firstName", "lastName", "companyId") : List.of("email");
            case "companies", "sequences" -> List.of("name");
            case "deals" -> List.of("name", "companyId", "contactId");
            case "steps" -> List.of("subject");
            case "enrollments" -> List.of("contactIds", "tagIds", "listIds");
            default -> fieldNames(body);
        };
        Map<String, String> fields = new TreeMap<>();
        for (String name : names) {
            if (body.hasNonNull(name)) {
                fields.put(name, plain(body.path(name)));
            }
        }
        if (names.contains("lastName")) {
            // Somebody of the same name with an address is somebody else.
            fields.put("email", "");
        }
        return fields;
    }

    private static List<String> fieldNames(JsonNode body) {
        List<String> names = new ArrayList<>();
        body.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static String plain(JsonNode value) {
        if (value.isContainerNode()) {
            return value.toString();
        }
        return JsonPage.time(value)
                .map(Instant::toString)
                .orElse(value.isNull() ? "" : value.asText().strip().toLowerCase(Locale.ROOT));
    }

    private static boolean matches(JsonNode row, Map<String, String> keyFields) {
        boolean shown = false;
        for (Map.Entry<String, String> field : keyFields.entrySet()) {
            if (row.has(field.getKey())) {
                if (!plain(row.path(field.getKey())).equals(field.getValue())) {
                    return false;
                }
                shown = true;
            }
        }
        return shown;
    }

    /** Whether a row may be what a write made; one that shows none of its fields may. */
    private static boolean mayBe(Call write, JsonNode row) {
        Map<String, String> fields = keyFields(write);
        return matches(row, fields) || fields.keySet().stream().noneMatch(row::has);
    }

    @Override
    public List<String> known(Call write) {
        return switch (write.operation().resource()) {
            case "bookings", "sequences", "steps" ->
                Said.rows(whole(write)).stream().map(Said::id).toList();
            default -> List.of();
        };
    }

    @Override
    public Evidence lookUp(Call write, Instant sentAt, List<String> known, List<JsonNode> before) {
        String resource = write.operation().resource();
        return switch (resource) {
            case "contacts", "companies", "deals" -> newest(write, sentAt, before);
            case "enrollments" -> enrolled(write);
            default -> {
                Map<String, String> fields = keyFields(write);
                List<JsonNode> added = Said.rows(whole(write)).stream()
                        .filter(row -> !known.contains(Said.id(row)))
                        .toList();
                // One that does not look like it may still be it, as the CRM has changed it.
                yield new Evidence(
                        added.stream().filter(row -> matches(row, fields)).toList(),
                        added.isEmpty(),
                        false,
                        "the list of all " + resource);
            }
        };
    }

    /**
     * The newest first: absent if it reaches back to before the sending and does not show it. It does if it shows a record
     * unchanged that was there before, or a stamp that is older by more than clocks may differ.
     */
    private Evidence newest(Call write, Instant sentAt, List<JsonNode> before) {
        FeedContract list = ImpactiveAi.FEEDS.stream()
                .filter(feed -> feed.name().equals(write.operation().resource()))
                .findFirst()
                .orElseThrow();
        Reply reply = list(write.operation().resource(), "list", Map.of());
        Instant now = clock.instant();
        Instant sent = sentAt.plus(Duration.between(now, reply.date().orElse(now)));
        Map<String, String> fields = keyFields(write);
        Set<String> unchanged = before.stream()
                .filter(record -> record.hasNonNull(list.cursorField()))
                .map(record -> mark(record, list))
                .collect(Collectors.toSet());
        Set<String> earlier = before.stream().map(Said::id).collect(Collectors.toSet());
        List<JsonNode> candidates = new ArrayList<>();
        boolean doubtful = false;
        boolean reachesBack = false;
        Instant newer = Instant.MAX;
        boolean sorted = true;
        List<JsonNode> rows = Said.rows(reply.body());
        for (JsonNode row : rows) {
            Optional<Instant> updated = JsonPage.instant(row.path(list.cursorField()));
            Optional<Instant> made =
                    JsonPage.instant(row.path(list.createdField())).or(() -> updated);
            if (matches(row, fields)) {
                boolean late = made.map(at -> at.isAfter(sent.minus(SKEW))).orElse(true);
                if (late || reply.date().isEmpty()) {
                    candidates.add(row);
                } else if (made.get().isAfter(sent.minus(DOUBT)) && !earlier.contains(Said.id(row))) {
                    // The clock of the machine that sent it may have been another one's.
                    doubtful = true;
                }
            }
            if (updated.isPresent()) {
                sorted &= !updated.get().isAfter(newer);
                newer = updated.get();
                // One that is cut off may have the last one's very stamp.
                boolean inside = row != rows.get(rows.size() - 1) || rows.size() < list.cap();
                reachesBack |=
                        updated.get().isBefore(sent.minus(SKEW)) || inside && unchanged.contains(mark(row, list));
            }
        }
        return new Evidence(
                candidates,
                !doubtful && sorted && (reachesBack || rows.isEmpty()),
                false,
                "the list of the newest " + list.name());
    }

    private static String mark(JsonNode record, FeedContract list) {
        return Said.id(record) + " " + record.path(list.cursorField()).asText();
    }

    private Evidence enrolled(Call write) {
        JsonNode contacts = write.body().orElseThrow().path("contactIds");
        if (contacts.size() != 1 || isOfAudience(write)) {
            return new Evidence(List.of(), false, true, "the sequence's list, which knows no tags and lists,");
        }
        String contact = contacts.get(0).asText();
        List<JsonNode> found = Said.rows(
                        list("enrollments", "list", write.ids()).body())
                .stream()
                .filter(row -> row.path("contactId").asText().equals(contact))
                .toList();
        return new Evidence(found, true, true, "the sequence's list of enrollments");
    }

    private JsonNode whole(Call write) {
        return switch (write.operation().resource()) {
            case "steps" -> {
                JsonNode sequence = list("sequences", "get", write.ids()).body();
                yield sequence.path("steps").isArray() ? sequence.path("steps") : sequence;
            }
            default -> list(write.operation().resource(), "list", Map.of()).body();
        };
    }

    private Reply list(String resource, String operation, Map<String, String> ids) {
        return caller.apply(new Call(
                Operations.find(resource, operation, Optional.empty()).orElseThrow(), ids, Map.of(), Optional.empty()));
    }
}
