package io.crmbridge.sandbox.intellivizz;

import io.crmbridge.sandbox.Problem;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What hangs on a contact: its tags and its notes. */
final class ContactPartsApi {
    private static final String READ = "contacts.read";
    private static final String WRITE = "contacts.write";

    void addTo(Endpoints endpoints) {
        endpoints.post("/contacts/{contact}/tags", WRITE, call -> tags(call, true));
        endpoints.delete("/contacts/{contact}/tags", WRITE, call -> tags(call, false));
        endpoints.get("/contacts/{contact}/notes", READ, call -> {
            Call.Found contact = contact(call);
            Slice notes = call.read(
                    contact.location(),
                    Ask.of(Resource.NOTES)
                            .within(Call.equal("contactId", contact.row().id())));
            call.list("notes", notes.fields(), Map.of());
        });
        endpoints.post("/contacts/{contact}/notes", WRITE, call -> {
            Call.Found contact = contact(call);
            Map<String, Object> note = text(call);
            note.put("contactId", contact.row().id());
            call.record(201, "note", contact.records().create(Resource.NOTES, note));
        });
        endpoints.put("/contacts/{contact}/notes/{id}", WRITE, call -> {
            Call.Found note = note(call);
            call.record(
                    200,
                    "note",
                    note.records().update(Resource.NOTES, note.row().id(), text(call)));
        });
        endpoints.delete("/contacts/{contact}/notes/{id}", WRITE, call -> {
            Call.Found note = note(call);
            note.records().remove(Resource.NOTES, note.row().id());
            call.succeeded();
        });
    }

    private static Call.Found contact(Call call) {
        return call.find(Resource.CONTACTS, call.path("contact"));
    }

    private static Call.Found note(Call call) {
        Call.Found contact = contact(call);
        Call.Found note = call.find(Resource.NOTES);
        if (!contact.row().id().equals(note.row().text("contactId"))) {
            throw new Problem(
                    404, "The contact has no note '%s'.".formatted(note.row().id()));
        }
        return note;
    }

    private static Map<String, Object> text(Call call) {
        call.body().requiredText("body");
        return call.fields();
    }

    private static void tags(Call call, boolean add) {
        Set<String> given = call.body().ids("tags", false);
        if (given.isEmpty()) {
            throw new Problem(400, "tags must be an array with at least one tag.");
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        Call.Found contact = contact(call);
        synchronized (contact.records()) {
            Set<String> tags = new LinkedHashSet<>(tagsOf(contact(call).row()));
            Set<String> moved = new LinkedHashSet<>(given);
            if (add) {
                moved.removeAll(tags);
                tags.addAll(given);
            } else {
                moved.retainAll(tags);
                tags.removeAll(given);
            }
            if (!moved.isEmpty()) {
                contact.records().update(Resource.CONTACTS, contact.row().id(), Map.of("tags", List.copyOf(tags)));
            }
            answer.put("tags", tags);
            answer.put(add ? "tagsAdded" : "tagsRemoved", moved);
        }
        call.bare(add ? 201 : 200, answer);
    }

    private static List<String> tagsOf(Row contact) {
        return contact.fields().get("tags") instanceof List<?> tags
                ? tags.stream().map(String::valueOf).toList()
                : List.of();
    }
}
