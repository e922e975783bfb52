package io.crmbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlApiTest extends SandboxTest {
    private static final String BURST = "/control/workspaces/ws_sandbox/companies/burst";

    @Test
    void a_burst_changes_so_many_records_a_millisecond_apart() throws IOException {
        companies(300);
        clock.advance(Duration.ofMinutes(1));
        Instant before = clock.instant();
        assertThat(crm.post(BURST + "?count=350", null).statusCode()).isEqualTo(200);
        List<Instant> stamps = stamps();
        assertThat(stamps).hasSize(350).doesNotHaveDuplicates();
        assertThat(stamps.get(0)).isEqualTo(before);
        assertThat(stamps.get(349)).isEqualTo(before.minusMillis(349));
    }

    @Test
    void a_second_burst_comes_after_the_first() throws IOException {
        crm.post(BURST + "?count=10", null);
        Instant newest = stamps().get(0);
        crm.post(BURST + "?count=10", null);
        assertThat(stamps()).hasSize(10).allMatch(stamp -> stamp.isAfter(newest));
    }

    @Test
    void a_tied_burst_has_one_stamp() throws IOException {
        crm.post(BURST + "?count=120&tied=true", null);
        assertThat(stamps()).hasSize(120);
        assertThat(new HashSet<>(stamps())).containsExactly(clock.instant());
    }

    @Test
    void a_burst_may_be_stamped_late_or_in_the_future() throws IOException {
        crm.post(BURST + "?count=2&late=PT3M", null);
        assertThat(stamps())
                .containsExactly(
                        clock.instant().minusSeconds(180),
                        clock.instant().minusSeconds(180).minusMillis(1));
        crm.post(BURST + "?count=1&future=PT1H", null);
        assertThat(stamps().get(0)).isEqualTo(clock.instant().plusSeconds(3600));
    }

    @Test
    void a_fault_is_armed_and_cleared() throws IOException {
        var armed = crm.post("/control/faults", """
            {"method": "GET", "path": "/api/zapier/deals", "status": 429, "headers": {"Retry-After": "5"}}
            """);
        assertThat(armed.statusCode()).isEqualTo(201);
        var struck = list("deals");
        assertThat(struck.statusCode()).isEqualTo(429);
        assertThat(struck.headers().firstValue("Retry-After")).hasValue("5");
        assertThat(crm.send("DELETE", "/control/faults", null).statusCode()).isEqualTo(204);
        assertThat(list("deals").statusCode()).isEqualTo(200);
    }

    @Test
    void every_kind_of_fault_can_be_armed() throws IOException {
        companies(3);
        crm.post("/control/faults", """
            {"times": 1, "cap": 2, "ignoreSince": true, "unsorted": true, "wrapped": true, "dateSkew": "PT1H",
             "delay": "PT0S", "delayBeforeCommit": "PT0S", "html": false, "noDate": false}
            """);
        var answer = crm.get("/api/zapier/companies?since=2027-01-01T00:00:00Z");
        assertThat(Caller.json(answer).path("data").findValuesAsText("name")).containsExactly("Company 2", "Company 3");
        assertThat(answer.headers().firstValue("Date")).hasValue("Fri, 01 May 2026 13:00:03 GMT");
        crm.post("/control/faults", "{\"times\":1,\"body\":\"x\",\"contentType\":\"text/plain\",\"afterCommit\":true}");
        assertThat(list("companies").body()).isEqualTo("x");
        crm.post("/control/faults", "{\"times\":1,\"noDate\":true}");
        assertThat(list("companies").headers().firstValue("Date")).isEmpty();
        for (String drop : List.of("\"resetBeforeCommit\":true", "\"resetAfterCommit\":true", "\"truncate\":1")) {
            crm.post("/control/faults", "{\"times\":1,\"method\":\"POST\"," + drop + "}");
            assertThat(catchThrowable(() -> crm.post("/api/zapier/companies", "{\"name\":\"x\"}")))
                    .as(drop)
                    .isInstanceOf(IOException.class);
        }
        assertThat(workspace.all("companies")).hasSize(5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST | /control/faults | {\"stauts\":500} | 400 | no option stauts",
                "POST | /control/faults | {\"status\":\"500\"} | 400 | status must be a whole number",
                "POST | /control/faults | {\"delay\":\"3s\"} | 400 | delay must be an ISO 8601 duration",
                "POST | /control/faults | {\"html\":\"yes\"} | 400 | html must be true or false",
                "POST | /control/faults | {\"times\":0} | 400 | times must be at least 1",
                "POST | /control/faults | nonsense | 400 | not valid JSON",
                "POST | /control/workspaces/ws_sandbox/companies/burst | {} | 400 | count must be a number",
                "POST | /control/workspaces/ws_sandbox/companies/burst?count=0 | {} | 400 | count must be between",
                "POST | /control/workspaces/ws_sandbox/companies/burst?count=1&late=x | {} | 400 | late"
                        + " must be an ISO 8601",
                "POST | /control/workspaces/nope/companies/burst?count=1 | {} | 404 | no workspace 'nope'",
                "POST | /control/workspaces/ws_sandbox/tickets/burst?count=1 | {} | 404 | no resource 'tickets'",
                "GET | /control/records/tickets |  | 404 | no resource 'tickets'",
                "POST | /control/records/deals/nope | {\"name\":\"x\"} | 404 | no record 'nope'",
                "GET | /control/nothing |  | 404 | /control/nothing",
            })
    void a_wrong_command_is_refused_with_a_sentence(
            String method, String path, String body, int status, String sentence) throws IOException {
        var answer = crm.send(method, path, body);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(Caller.error(answer)).contains(sentence);
    }

    @Test
    void the_key_is_revoked() throws IOException {
        assertThat(crm.post("/control/key/revoke", null).statusCode()).isEqualTo(200);
        assertThat(list("deals").statusCode()).isEqualTo(401);
    }

    @Test
    void a_field_of_a_record_is_changed() throws IOException {
        String id = workspace.create("deals", Map.of("name", "D"));
        clock.advance(Duration.ofSeconds(1));
        var answer = crm.post("/control/records/deals/" + id, "{\"stageName\":\"Won\"}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(workspace.get("deals", id))
                .containsEntry("stageName", "Won")
                .containsEntry("updatedAt", "2026-05-01T12:00:01.000Z");
        assertThat(crm.post("/control/records/deals/" + id, "{\"stageName\":\"Wonn\"}")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void records_of_the_default_or_another_workspace_are_shown() throws IOException {
        Workspace other = sandbox.addWorkspace("ws_other", "Other", "icrm_other");
        other.create("companies", Map.of("name", "theirs"));
        companies(51);
        assertThat(Caller.column(crm.get("/control/records/companies"), "name"))
                .hasSize(50)
                .startsWith("Company 51");
        assertThat(Caller.column(crm.get("/control/records/companies?workspace=ws_other"), "name"))
                .containsExactly("theirs");
    }

    @Test
    void received_calls_are_shown_newest_first() throws IOException {
        Caller sender = new Caller(sandbox.receiver().url(), null);
        sender.post("/a", "{\"n\":1}");
        sender.post("/b", "<script>");
        var answer = crm.get("/control/received?limit=1");
        JsonNode shown = Caller.json(answer);
        assertThat(shown.path("count").asInt()).isEqualTo(2);
        assertThat(shown.path("url").asText())
                .isEqualTo(sandbox.receiver().url().toString());
        assertThat(shown.path("calls")).hasSize(1);
        assertThat(shown.path("calls").path(0).path("path").asText()).isEqualTo("/b");
        assertThat(shown.path("calls").path(0).path("body").asText()).isEqualTo("<script>");
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    }

    @Test
    void the_same_seed_makes_the_same_activity() {
        SandboxOptions options = SandboxOptions.defaults().withClock(clock).withSeedRecords(20);
        try (Sandbox one = Sandbox.start(options);
                Sandbox other = Sandbox.start(options)) {
            assertThat(active(one, 3)).isEqualTo(active(other, 3)).isNotEqualTo(active(other, 4));
        }
    }

    @Test
    void about_one_in_three_deal_changes_is_won() {
        for (int i = 0; i < 200; i++) {
            workspace.create("deals", SeedData.fields(Resource.DEALS, i));
        }
        active(sandbox, 5, 5_000);
        List<Map<String, Object>> deals = workspace.all("deals");
        long won = deals.stream()
                .filter(deal -> "Won".equals(deal.get("stageName")))
                .count();
        assertThat((double) won / deals.size()).isBetween(0.2, 0.45);
    }

    @Test
    @Timeout(20)
    void activity_goes_on_by_itself_on_a_daemon_thread() {
        sandbox.startActivity(500);
        Awaitility.await()
                .until(() -> Collections.max(List.of(
                                workspace.all("deals").size(),
                                workspace.all("contacts").size()))
                        > 1);
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().equals("sandbox-activity"))
                .isNotEmpty()
                .allMatch(Thread::isDaemon);
    }

    private List<Instant> stamps() {
        return workspace.all("companies").stream()
                .map(row -> Instant.parse((String) row.get("updatedAt")))
                .toList();
    }

    private static List<Map<String, Object>> active(Sandbox target, long seed) {
        return active(target, seed, 200);
    }

    private static List<Map<String, Object>> active(Sandbox target, long seed, int changes) {
        try (Activity activity = new Activity(target.workspace(), seed)) {
            for (int i = 0; i < changes; i++) {
                activity.tick();
            }
        }
        return target.workspace().all("deals");
    }
}
