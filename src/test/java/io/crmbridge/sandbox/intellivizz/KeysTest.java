package io.crmbridge.sandbox.intellivizz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxException;
import io.crmbridge.sandbox.SandboxOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeysTest extends IntellivizzTest {
    private static final Map<String, String> VERSION = Map.of("Version", "2021-07-28");

    @Test
    void a_location_shows_itself_to_its_key() throws IOException {
        var answer = crm.get("/locations/loc_sandbox");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Caller.json(answer).at("/location/id").asText()).isEqualTo("loc_sandbox");
        assertThat(Caller.json(answer).at("/location/name").asText()).isEqualTo("Sandbox location");
        assertThat(Caller.json(answer).at("/location/companyId").asText()).isEqualTo("agency_sandbox");
    }

    @Test
    void a_missing_and_an_unknown_key_are_unauthorized() throws IOException {
        var missing = crm.send("GET", "/locations/loc_sandbox", null, VERSION);
        assertThat(missing.statusCode()).isEqualTo(401);
        assertThat(Caller.message(missing)).contains("Authorization", "Bearer");
        assertThat(Caller.json(missing).path("statusCode").asInt()).isEqualTo(401);
        var unknown = new Caller(sandbox.baseUrl(), "ivz_unknown").get("/locations/loc_sandbox");
        assertThat(unknown.statusCode()).isEqualTo(401);
        assertThat(Caller.message(unknown)).contains("not valid");
    }

    @Test
    void a_missing_and_a_wrong_version_are_bad_requests_that_say_the_right_one() throws IOException {
        Map<String, String> key = Map.of("Authorization", "Bearer " + location.key());
        var missing = crm.send("GET", "/locations/loc_sandbox", null, key);
        assertThat(missing.statusCode()).isEqualTo(400);
        assertThat(Caller.message(missing)).contains("Version", "2021-07-28");
        var wrong = crm.send(
                "GET",
                "/calendars/?locationId=loc_sandbox",
                null,
                Map.of("Authorization", "Bearer " + location.key(), "Version", "2021-07-28"));
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(Caller.message(wrong)).contains("2021-04-15");
    }

    @Test
    void a_regenerated_and_a_revoked_key_are_refused_from_the_next_request_on() throws IOException {
        String old = location.key();
        String renewed = location.regenerateKey();
        assertThat(renewed).isNotEqualTo(old).isEqualTo(location.key());
        assertThat(crm.get("/locations/loc_sandbox").statusCode()).isEqualTo(401);
        Caller caller = new Caller(sandbox.baseUrl(), renewed);
        assertThat(caller.get("/locations/loc_sandbox").statusCode()).isEqualTo(200);
        location.revokeKey();
        assertThat(caller.get("/locations/loc_sandbox").statusCode()).isEqualTo(401);
        sandbox.revokeAgencyKey();
        assertThat(agency.get("/locations/search").statusCode()).isEqualTo(401);
        assertThat(new Caller(sandbox.baseUrl(), sandbox.regenerateAgencyKey())
                        .get("/locations/search")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_locations_key_reaches_neither_another_location_nor_the_agencys_calls() throws IOException {
        Location other = sandbox.addLocation("loc_other", "Other");
        String foreign = other.create("contacts", Map.of("email", "other@example.com"));
        for (String path : new String[] {
            "/locations/loc_other",
            "/locations/search",
            "/locations/loc_other/customFields",
            "/opportunities/search?location_id=loc_other",
            "/invoices/?altType=location&altId=loc_other",
            "/forms/?locationId=loc_other"
        }) {
            assertThat(crm.get(path).statusCode()).as(path).isEqualTo(403);
        }
        assertThat(crm.post("/contacts/search", Map.of("locationId", "loc_other"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(crm.post("/contacts/", Map.of("locationId", "loc_other", "email", "x@example.com"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(crm.get("/contacts/" + foreign).statusCode()).isEqualTo(404);
        assertThat(crm.delete("/contacts/" + foreign).statusCode()).isEqualTo(404);
        assertThat(other.all("contacts")).hasSize(1);
    }

    @Test
    void the_agencys_key_lists_locations_reads_each_and_writes_in_none() throws IOException {
        Location other = sandbox.addLocation("loc_other", "Other");
        String id = other.create("contacts", Map.of("email", "other@example.com"));
        var list = agency.get("/locations/search?companyId=agency_sandbox&limit=1&skip=1");
        assertThat(Caller.column(list, "locations", "id")).containsExactly("loc_other");
        assertThat(Caller.json(list).path("total").asInt()).isEqualTo(2);
        assertThat(agency.get("/locations/search?companyId=another").statusCode())
                .isEqualTo(403);
        assertThat(Caller.column(agency.post("/contacts/search", Map.of("locationId", "loc_other")), "contacts", "id"))
                .containsExactly(id);
        assertThat(agency.get("/contacts/" + id).statusCode()).isEqualTo(200);
        assertThat(agency.get("/locations/loc_none").statusCode()).isEqualTo(404);
        var write = agency.put("/contacts/" + id, Map.of("firstName", "X"));
        assertThat(write.statusCode()).isEqualTo(403);
        assertThat(other.get("contacts", id)).doesNotContainKey("firstName");
    }

    @Test
    void a_call_without_its_location_is_a_bad_request() throws IOException {
        assertThat(crm.get("/calendars/").statusCode()).isEqualTo(400);
        assertThat(Caller.message(crm.get("/forms/"))).isEqualTo("locationId is required.");
        assertThat(crm.get("/invoices/?altId=loc_sandbox").statusCode()).isEqualTo(400);
    }

    @Test
    void a_key_that_was_restricted_is_refused_by_the_name_of_the_scope() throws IOException {
        location.restrictKey("contacts.read");
        assertThat(search().statusCode()).isEqualTo(200);
        var refused = crm.post("/contacts/", Map.of("locationId", "loc_sandbox", "email", "a@example.com"));
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(Caller.message(refused)).contains("contacts.write");
        assertThat(location.all("contacts")).isEmpty();
    }

    @Test
    void every_answer_is_dated_by_the_clock() throws IOException {
        clock.advance(Duration.ofDays(1));
        for (String path : new String[] {"/locations/loc_sandbox", "/nothing", "/locations/none"}) {
            assertThat(crm.get(path).headers().allValues("Date"))
                    .as(path)
                    .containsExactly("Sat, 02 May 2026 12:00:00 GMT");
        }
        assertThat(crm.get("/nothing").statusCode()).isEqualTo(404);
        assertThat(crm.send("HEAD", "/contacts/x", null).statusCode()).isEqualTo(405);
        assertThat(crm.delete("/forms/").statusCode()).isEqualTo(405);
    }

    @Test
    void it_starts_with_the_sandbox_on_the_port_that_is_given_or_else_when_it_is_asked_for() throws IOException {
        int taken = sandbox.baseUrl().getPort();
        assertThatThrownBy(() -> Sandbox.start(SandboxOptions.defaults().withIntellivizzPort(taken)))
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining("port " + taken);
        sandbox.close();
        try (Sandbox both = Sandbox.start(
                SandboxOptions.defaults().withIntellivizzPort(taken).withClock(clock))) {
            assertThat(crm.get("/locations/loc_sandbox").statusCode()).isEqualTo(200);
            assertThat(both.intellivizz().baseUrl().getPort()).isEqualTo(taken);
        }
        assertThatThrownBy(() -> crm.get("/locations/loc_sandbox")).isInstanceOf(IOException.class);
        Sandbox lazy = Sandbox.start(SandboxOptions.defaults());
        try (lazy) {
            assertThat(lazy.intellivizz()).isSameAs(lazy.intellivizz());
            assertThat(new Caller(
                                    lazy.intellivizz().baseUrl(),
                                    lazy.intellivizz().location().key())
                            .get("/locations/loc_sandbox")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void two_locations_cannot_share_an_id() {
        assertThatThrownBy(() -> sandbox.addLocation("loc_sandbox", "again"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
