package io.crmbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeedSequencesTest extends SandboxTest {
    private Sandbox seeded;
    private Workspace filled;
    private Caller caller;

    @BeforeEach
    void seed() {
        seeded = seeded(20);
        filled = seeded.workspace();
        caller = new Caller(seeded.baseUrl(), filled.apiKey());
    }

    @AfterEach
    void closeSeeded() {
        seeded.close();
    }

    @Test
    void a_seeded_workspace_has_sequences_with_a_past() throws IOException {
        assertThat(filled.sequences())
                .extracting(row -> row.get("name") + " " + row.get("status"))
                .containsExactly("Welcome active", "Newsletter active", "Win back draft");
        JsonNode welcome = Caller.json(caller.get("/api/agent/sequences")).path(0);
        assertThat(welcome.path("stepCount").asInt()).isEqualTo(3);
        assertThat(welcome.path("enrollmentCounts").toString())
                .isEqualTo("{\"total\":5,\"active\":2,\"paused\":1,\"completed\":1,\"unsubscribed\":1}");
        String path = "/api/agent/sequences/" + welcome.path("id").asText();
        assertThat(Caller.column(caller.get(path + "/sends"), "subject"))
                .hasSize(8)
                .contains("Welcome, Contact");
        assertThat(Caller.json(caller.get(path + "/replies"))).hasSize(2);
        assertThat(filled.bookings()).extracting(row -> row.get("title")).containsExactly("Introduction", "Open hour");
        assertThat(Caller.json(caller.get("/api/agent/sending-accounts"))).hasSize(2);
        JsonNode tag = Caller.json(caller.get("/control/tags")).path(0);
        assertThat(tag.path("contactIds")).hasSize(3);
        String enroll = "{\"tagIds\":[" + tag.path("id") + "]}";
        assertThat(caller.post(path + "/enroll", enroll).statusCode()).isEqualTo(201);
    }

    @Test
    void the_past_is_not_mailed_and_what_comes_next_is() {
        assertThat(filled.sendDue()).isZero();
        clock.advance(Duration.ofDays(3));
        assertThat(filled.sendDue()).isEqualTo(2);
        assertThat(seeded.mailbox().count()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void a_few_contacts_are_enough(int records) {
        try (Sandbox small = seeded(records)) {
            assertThat(small.workspace().sequences()).hasSize(3);
            assertThat(small.workspace().bookings()).hasSize(2);
        }
    }

    @Test
    void activity_makes_replies_bookings_and_progress_and_leaves_the_records_in_their_order() {
        try (Activity activity = new Activity(filled, 2)) {
            for (int i = 0; i < 300; i++) {
                activity.tick();
            }
        }
        assertThat(filled.bookings()).hasSizeGreaterThan(2);
        assertThat(filled.sequences().stream()
                        .mapToInt(row -> filled.enrollments(String.valueOf(row.get("id")))
                                .size())
                        .sum())
                .isGreaterThan(8);
        assertThat(filled.all("contacts").stream()
                        .mapToInt(contact ->
                                filled.replies((String) contact.get("id")).size())
                        .sum())
                .isGreaterThan(2);
        assertThat(filled.sendDue()).isPositive();
    }

    @Test
    void some_who_got_a_mail_want_no_more_and_some_cannot_be_reached() {
        try (Activity activity = new Activity(filled, 2)) {
            for (int i = 0; i < 300; i++) {
                activity.tick();
                filled.sendDue();
            }
        }
        List<String> answers = filled.all("contacts").stream()
                .flatMap(contact -> filled.replies((String) contact.get("id")).stream())
                .map(reply -> String.valueOf(reply.get("body")))
                .toList();
        assertThat(answers)
                .anySatisfy(text -> assertThat(text).startsWith("STOP\n\n").contains("wrote:\n> Hello"));
        assertThat(answers)
                .anySatisfy(text -> assertThat(text).startsWith("Thank you").contains("> Answer STOP"));
        assertThat(filled.sequences().stream()
                        .flatMap(row -> filled.enrollments(String.valueOf(row.get("id"))).stream())
                        .map(row -> String.valueOf(row.get("lastSendError"))))
                .anySatisfy(error -> assertThat(error).startsWith("550 "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"enrollments", "sends", "replies"})
    void list_faults_hold_for_the_lists_of_a_sequence(String list) throws IOException {
        String path = "/api/agent/sequences/" + filled.sequences().get(0).get("id") + "/" + list;
        List<String> ids = Caller.column(caller.get(path), "id");
        assertThat(ids).hasSizeGreaterThan(1);
        seeded.faults().on("GET", path).times(1).cap(1).arm();
        assertThat(Caller.column(caller.get(path), "id")).containsExactly(ids.get(0));
        seeded.faults().on("GET", path).times(1).unsorted().arm();
        assertThat(Caller.column(caller.get(path), "id").get(0)).isEqualTo(ids.get(ids.size() - 1));
        seeded.faults().on("GET", path).times(1).ignoreSince().arm();
        assertThat(Caller.json(caller.get(path + "?since=2027-01-01T00:00:00Z")))
                .hasSize(ids.size());
        assertThat(Caller.json(caller.get(path + "?since=2027-01-01T00:00:00Z")))
                .isEmpty();
        seeded.faults().on("GET", path).times(1).wrapped().arm();
        assertThat(Caller.json(caller.get(path)).path("data")).hasSize(ids.size());
    }

    @Test
    void the_same_seed_makes_the_same_sequences() {
        try (Sandbox other = seeded(20)) {
            assertThat(all(other.workspace())).isEqualTo(all(filled));
        }
    }

    private static List<Object> all(Workspace workspace) {
        return workspace.sequences().stream()
                .<Object>map(row -> Map.of(
                        "row", row,
                        "members", workspace.enrollments((String) row.get("id")),
                        "sends", workspace.sends((String) row.get("id"))))
                .toList();
    }

    private Sandbox seeded(int records) {
        return Sandbox.start(SandboxOptions.defaults()
                .withClock(clock)
                .withSeedRecords(records)
                .withSendEach(Duration.ZERO));
    }
}
