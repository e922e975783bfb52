package io.crmbridge.sandbox.intellivizz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class ContactsTest extends IntellivizzTest {
    private static final Object OLDEST_CHANGE_FIRST = List.of(Map.of("field", "dateUpdated", "direction", "asc"));

    private static Object since(String stamp) {
        return List.of(Map.of("field", "dateUpdated", "operator", "range", "value", Map.of("gte", stamp)));
    }

    @Test
    void a_contact_is_created_read_changed_and_deleted() throws IOException {
        var created = crm.post(
                "/contacts/", Map.of("locationId", "loc_sandbox", "email", "ada@example.com", "firstName", "Ada"));
        assertThat(created.statusCode()).isEqualTo(201);
        JsonNode contact = Caller.json(created).path("contact");
        assertThat(contact.path("dateAdded").asText()).isEqualTo("2026-05-01T12:00:00.000Z");
        assertThat(contact.path("locationId").asText()).isEqualTo("loc_sandbox");
        String path = "/contacts/" + contact.path("id").asText();
        clock.advance(Duration.ofSeconds(5));
        assertThat(crm.put(path, Map.of("firstName", "Eve", "dateUpdated", "2001-01-01T00:00:00Z", "id", "x"))
                        .statusCode())
                .isEqualTo(200);
        JsonNode read = Caller.json(crm.get(path)).path("contact");
        assertThat(read.path("firstName").asText()).isEqualTo("Eve");
        assertThat(read.path("email").asText()).isEqualTo("ada@example.com");
        assertThat(read.path("dateUpdated").asText()).isEqualTo("2026-05-01T12:00:05.000Z");
        assertThat(read.path("dateAdded").asText()).isEqualTo("2026-05-01T12:00:00.000Z");
        assertThat(crm.delete(path).statusCode()).isEqualTo(200);
        assertThat(crm.get(path).statusCode()).isEqualTo(404);
        assertThat(crm.post("/contacts/", Map.of("locationId", "loc_sandbox")).statusCode())
                .isEqualTo(400);
    }

    @Test
    void an_upsert_knows_a_contact_by_its_address() throws IOException {
        Map<String, Object> body = Map.of("locationId", "loc_sandbox", "email", "Ada@Example.com", "firstName", "Ada");
        JsonNode first = Caller.json(crm.post("/contacts/upsert", body));
        assertThat(first.path("new").asBoolean()).isTrue();
        JsonNode second = Caller.json(crm.post(
                "/contacts/upsert", Map.of("locationId", "loc_sandbox", "email", "ada@example.com", "source", "x")));
        assertThat(second.path("new").asBoolean(true)).isFalse();
        assertThat(second.at("/contact/id")).isEqualTo(first.at("/contact/id"));
        assertThat(location.all("contacts"))
                .singleElement()
                .satisfies(
                        row -> assertThat(row).containsEntry("firstName", "Ada").containsEntry("source", "x"));
    }

    @Test
    void a_second_contact_with_an_address_is_created_unless_the_location_refuses_it() throws IOException {
        Map<String, Object> body = Map.of("locationId", "loc_sandbox", "email", "ada@example.com");
        crm.post("/contacts/", body);
        assertThat(crm.post("/contacts/", body).statusCode()).isEqualTo(201);
        location.allowDuplicates(false);
        var refused = crm.post("/contacts/", body);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(Caller.message(refused)).contains("duplicate");
        assertThat(location.all("contacts")).hasSize(2);
    }

    @Test
    void a_search_reads_every_change_once_behind_the_last_row_of_the_page_before() throws IOException {
        contacts(7);
        location.put(
                "contacts", Map.of("id", "twin1", "dateUpdated", "2026-05-01T12:00:03.000Z", "email", "t@example.com"));
        List<String> ids = new ArrayList<>();
        Object after = null;
        while (true) {
            var page = after == null
                    ? search("pageLimit", 3, "sort", OLDEST_CHANGE_FIRST, "filters", since("2026-05-01T12:00:02Z"))
                    : search(
                            "pageLimit",
                            3,
                            "sort",
                            OLDEST_CHANGE_FIRST,
                            "filters",
                            since("2026-05-01T12:00:02Z"),
                            "searchAfter",
                            after);
            assertThat(Caller.json(page).path("total").asInt()).isEqualTo(7);
            JsonNode rows = Caller.json(page).path("contacts");
            if (rows.isEmpty()) {
                break;
            }
            rows.forEach(row -> ids.add(row.path("id").asText()));
            after = rows.get(rows.size() - 1).path("searchAfter");
        }
        assertThat(ids).containsExactly("c2", "c3", "twin1", "c4", "c5", "c6", "c7");
    }

    @Test
    void a_search_finds_by_address_sorts_both_ways_and_refuses_what_it_does_not_know() throws IOException {
        contacts(3);
        location.update("contacts", "c1", Map.of("source", "web"));
        var byEmail = search("filters", List.of(Map.of("field", "email", "operator", "eq", "value", "C2@example.com")));
        assertThat(Caller.column(byEmail, "contacts", "id")).containsExactly("c2");
        var newest = search("sort", List.of(Map.of("field", "dateUpdated", "direction", "desc")));
        assertThat(Caller.column(newest, "contacts", "id")).containsExactly("c3", "c1", "c2");
        assertThat(Caller.column(search("page", 2, "pageLimit", 2), "contacts", "id"))
                .containsExactly("c1");
        assertThat(search("pageLimit", 101).statusCode()).isEqualTo(400);
        assertThat(search("sort", List.of(Map.of("field", "email", "direction", "asc")))
                        .statusCode())
                .isEqualTo(400);
        assertThat(search("filters", List.of(Map.of("field", "email", "operator", "like", "value", "x")))
                        .statusCode())
                .isEqualTo(400);
        assertThat(search("searchAfter", "c1").statusCode()).isEqualTo(400);
    }

    @Test
    void a_row_that_is_put_late_or_twice_lies_where_its_stamp_says() throws IOException {
        contacts(3);
        location.put(
                "contacts", Map.of("id", "c3", "dateUpdated", "2026-05-01T11:00:00.000Z", "dateAdded", "nonsense"));
        var oldest = search("sort", OLDEST_CHANGE_FIRST);
        assertThat(Caller.column(oldest, "contacts", "id")).containsExactly("c3", "c1", "c2");
        assertThat(Caller.json(oldest).at("/contacts/0/dateAdded").asText()).isEqualTo("nonsense");
        location.remove("contacts", "c1");
        assertThat(Caller.column(search("sort", OLDEST_CHANGE_FIRST), "contacts", "id"))
                .containsExactly("c3", "c2");
        assertThat(location.get("contacts", "c1")).isNull();
        assertThatThrownBy(() -> location.update("contacts", "c1", Map.of()))
                .isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> location.all("people")).hasMessageContaining("contacts, notes");
    }

    @Test
    void tags_are_added_once_and_removed() throws IOException {
        String path = "/contacts/" + contact("ada@example.com") + "/tags";
        clock.advance(Duration.ofSeconds(1));
        crm.post(path, Map.of("tags", List.of("a", "b")));
        JsonNode again = Caller.json(crm.post(path, Map.of("tags", List.of("b", "c"))));
        assertThat(again.path("tags")).extracting(JsonNode::asText).containsExactly("a", "b", "c");
        assertThat(again.path("tagsAdded")).extracting(JsonNode::asText).containsExactly("c");
        JsonNode removed = Caller.json(crm.send("DELETE", path, Map.of("tags", List.of("a", "none"))));
        assertThat(removed.path("tagsRemoved")).extracting(JsonNode::asText).containsExactly("a");
        assertThat(location.all("contacts").get(0))
                .containsEntry("tags", List.of("b", "c"))
                .containsEntry("dateUpdated", "2026-05-01T12:00:01.000Z");
        assertThat(crm.post(path, Map.of("tags", List.of())).statusCode()).isEqualTo(400);
    }

    @Test
    void notes_belong_to_their_contact() throws IOException {
        String path = "/contacts/" + contact("ada@example.com") + "/notes";
        String other = "/contacts/" + contact("eve@example.com") + "/notes";
        String id = Caller.json(crm.post(path, Map.of("body", "Likes tea")))
                .at("/note/id")
                .asText();
        crm.put(path + "/" + id, Map.of("body", "Likes coffee"));
        assertThat(Caller.column(crm.get(path), "notes", "body")).containsExactly("Likes coffee");
        assertThat(Caller.column(crm.get(other), "notes", "body")).isEmpty();
        assertThat(crm.put(other + "/" + id, Map.of("body", "x")).statusCode()).isEqualTo(404);
        assertThat(crm.delete(path + "/" + id).statusCode()).isEqualTo(200);
        assertThat(location.all("notes")).isEmpty();
        assertThat(crm.post(path, Map.of("text", "x")).statusCode()).isEqualTo(400);
    }
}
