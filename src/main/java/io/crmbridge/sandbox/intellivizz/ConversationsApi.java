package io.crmbridge.sandbox.intellivizz;

import io.crmbridge.sandbox.Body;
import io.crmbridge.sandbox.Problem;
import io.crmbridge.sandbox.Stamps;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Conversations and their messages. */
final class ConversationsApi {
    private static final String READ = "conversations.read";
    private static final int LARGEST_PAGE = 100;

    void addTo(Endpoints endpoints) {
        endpoints.get("/conversations/search", READ, ConversationsApi::search);
        endpoints.post("/conversations/messages", "conversations.write", ConversationsApi::send);
        endpoints.get("/conversations/messages/export", READ, ConversationsApi::export);
        endpoints.get(
                "/conversations/{id}",
                READ,
                call -> call.bare(200, call.find(Resource.CONVERSATIONS).row().fields()));
        endpoints.get("/conversations/{id}/messages", READ, ConversationsApi::thread);
    }

    private static void search(Call call) {
        String sortBy = call.query("sortBy");
        if (sortBy != null && !sortBy.equals("last_message_date")) {
            throw new Problem(400, "sortBy must be last_message_date, and is '%s'.".formatted(sortBy));
        }
        Slice slice = call.read(
                call.locationInQuery(),
                Ask.of(Resource.CONVERSATIONS)
                        .filter(Call.from(call.millis("from")))
                        .filter(Call.equal("contactId", call.query("contactId")))
                        .order(order(call, "sort"))
                        .after(call.startAfter("startAfterDate", "id"))
                        .limit(call.limit(20, LARGEST_PAGE)));
        call.list("conversations", slice);
    }

    private static void export(Call call) {
        String sortBy = call.query("sortBy");
        if (sortBy != null && !sortBy.equals("createdAt")) {
            throw new Problem(400, "sortBy must be createdAt, and is '%s'.".formatted(sortBy));
        }
        Slice slice = call.read(
                call.locationInQuery(),
                Ask.of(Resource.MESSAGES)
                        .filter(Call.from(call.stamp("startDate")))
                        .filter(Call.until(call.stamp("endDate")))
                        .order(order(call, "sortOrder"))
                        .after(Position.of(call.query("cursor")))
                        .limit(call.limit(20, LARGEST_PAGE)));
        call.cursored("messages", slice);
    }

    /** Newest first; the next page begins behind lastMessageId. */
    private static void thread(Call call) {
        Call.Found conversation = call.find(Resource.CONVERSATIONS);
        String last = call.query("lastMessageId");
        Position after = last == null
                ? null
                : Order.UPDATED_DESC.of(call.find(Resource.MESSAGES, last).row());
        Slice slice = call.read(
                conversation.location(),
                Ask.of(Resource.MESSAGES)
                        .within(Call.equal("conversationId", conversation.row().id()))
                        .order(Order.UPDATED_DESC)
                        .after(after)
                        .limit(call.limit(20, LARGEST_PAGE)));
        Map<String, Object> others = new LinkedHashMap<>();
        others.put("lastMessageId", slice.more() ? slice.last().id() : null);
        others.put("nextPage", slice.more());
        call.list("messages", slice.fields(), others);
    }

    private static Order order(Call call, String name) {
        String order = call.query(name);
        if (order != null && !List.of("asc", "desc").contains(order)) {
            throw new Problem(400, "%s must be asc or desc, and is '%s'.".formatted(name, order));
        }
        return "asc".equals(order) ? Order.UPDATED_ASC : Order.UPDATED_DESC;
    }

    private static void send(Call call) {
        Body body = call.body();
        String type = body.requiredText("type");
        String contactId = body.requiredText("contactId");
        if (body.text("message") == null && body.text("html") == null) {
            throw new Problem(400, "A message needs a message or, as a mail, html.");
        }
        Records records = call.ownLocation().records();
        if (records.get(Resource.CONTACTS, contactId) == null) {
            throw new Problem(400, "contactId '%s' does not belong to this location.".formatted(contactId));
        }
        Map<String, Object> fields = call.fields();
        Map<String, Object> answer = new LinkedHashMap<>();
        synchronized (records) {
            String conversationId = conversation(records, contactId);
            fields.put("conversationId", conversationId);
            fields.put("messageType", "TYPE_" + type.toUpperCase(Locale.ROOT));
            Map<String, Object> message =
                    records.create(Resource.MESSAGES, Defaults.of(Resource.MESSAGES, fields, records));
            records.update(
                    Resource.CONVERSATIONS,
                    conversationId,
                    Map.of(
                            "lastMessageDate",
                            Stamps.iso(records.now()),
                            "lastMessageType",
                            fields.get("messageType"),
                            "lastMessageBody",
                            String.valueOf(fields.getOrDefault("message", fields.get("html")))));
            answer.put("conversationId", conversationId);
            answer.put("messageId", message.get("id"));
        }
        call.bare(201, answer);
    }

    private static String conversation(Records records, String contactId) {
        return records.where(Resource.CONVERSATIONS, Call.equal("contactId", contactId)).stream()
                .findFirst()
                .map(Row::id)
                .orElseGet(() -> String.valueOf(records.create(
                                Resource.CONVERSATIONS,
                                Defaults.of(Resource.CONVERSATIONS, Map.of("contactId", contactId), records))
                        .get("id")));
    }
}
