package io.crmbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults that leave a client in doubt whether its write was applied, and answers that are not what was expected. */
@Timeout(60)
class AmbiguousFaultsTest extends SandboxTest {
    private static final String CONTACTS = "/api/agent/contacts";
    private static final String CONTACT = "{\"firstName\":\"%s\",\"lastName\":\"Doe\"}";

    @Test
    void a_late_commit_resets_the_connection_and_appears_later() {
        sandbox.faults()
                .on("POST", CONTACTS)
                .times(1)
                .commitLate(Duration.ofMillis(400))
                .arm();
        assertThatThrownBy(() -> create("Ann")).isInstanceOf(IOException.class);
        assertThat(sandbox.faults().waiting()).isEqualTo(1);
        assertThat(workspace.all("contacts")).isEmpty();
        Awaitility.await().until(() -> sandbox.faults().waiting() == 0);
        assertThat(workspace.all("contacts")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /api/agent/sequences/SEQ/enroll {\"contactIds\":[\"ID\"]}",
                "POST /api/agent/sequences/SEQ/pause {}",
                "PATCH /api/agent/contacts/ID {\"title\":\"x\"}",
                "DELETE /api/agent/sequences/SEQ/contacts/ID ",
                "POST /api/agent/bookings {\"title\":\"x\"}",
                "POST /api/zapier/deals {\"name\":\"x\"}",
            })
    void any_write_can_be_lost_before_or_after_it_was_applied(String call) {
        String sequence = sequence(0);
        String[] contacts = contacts("Ann", "Bob");
        workspace.enroll(sequence, call.startsWith("POST") ? contacts[1] : contacts[0]);
        String[] parts =
                call.replace("SEQ", sequence).replace("ID", contacts[0]).split(" ", 3);
        String before = state(sequence);
        sandbox.faults().on(parts[0], "/api").times(1).resetBeforeCommit().arm();
        assertThatThrownBy(() -> crm.send(parts[0], parts[1], parts[2])).isInstanceOf(IOException.class);
        assertThat(state(sequence)).isEqualTo(before);
        sandbox.faults().on(parts[0], "/api").times(1).resetAfterCommit().arm();
        assertThatThrownBy(() -> crm.send(parts[0], parts[1], parts[2])).isInstanceOf(IOException.class);
        assertThat(state(sequence)).isNotEqualTo(before);
    }

    @Test
    void every_nth_request_is_struck() throws IOException {
        Fault fault = sandbox.faults().on("GET", "/api").every(3).status(503).arm();
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            statuses.add(list("deals").statusCode());
        }
        assertThat(statuses).containsExactly(200, 200, 503, 200, 200, 503, 200);
        assertThat(fault.hits()).isEqualTo(2);
    }

    @Test
    void a_seeded_chance_strikes_the_same_requests_in_any_order() {
        List<Integer> numbers = new ArrayList<>(IntStream.range(0, 400).boxed().toList());
        TreeSet<Integer> first = struck(numbers, 7);
        Collections.shuffle(numbers, new Random(1));
        assertThat(struck(numbers, 7)).isEqualTo(first);
        assertThat(struck(numbers, 8)).isNotEqualTo(first);
        assertThat(first).hasSizeBetween(50, 115);
    }

    @Test
    void half_of_the_resets_are_before_the_commit_and_half_after() {
        Fault fault = sandbox.faults()
                .on("POST", CONTACTS)
                .chance(0.2, 3)
                .resetEitherSide()
                .arm();
        int answered = 0;
        for (int i = 0; i < 400; i++) {
            answered += isAnswered("n" + i) ? 1 : 0;
        }
        assertThat(400 - answered).isEqualTo((int) fault.hits()).isBetween(50, 115);
        int lostAfter = workspace.all("contacts").size() - answered;
        assertThat((double) lostAfter / fault.hits()).isBetween(0.3, 0.7);
    }

    @Test
    void a_load_of_creates_has_the_same_outcome_on_many_connections_as_on_one() {
        List<Integer> numbers = IntStream.range(0, 2_000).boxed().toList();
        try (Sandbox other = Sandbox.start(SandboxOptions.defaults().withClock(clock))) {
            assertThat(created(sandbox, numbers.parallelStream()))
                    .isEqualTo(created(other, numbers.stream()))
                    .hasSizeBetween(1_700, 1_900);
        }
    }

    @Test
    void the_same_request_again_is_drawn_again() {
        sandbox.faults().on("POST", CONTACTS).chance(0.5, 1).resetBeforeCommit().arm();
        List<Boolean> answered =
                IntStream.range(0, 60).mapToObj(i -> isAnswered("same")).toList();
        assertThat(answered).contains(true, false);
    }

    @Test
    void an_error_object_comes_with_status_200_and_creates_nothing() throws IOException {
        sandbox.faults().on("POST", "/api").times(1).errorObject("Try later.").arm();
        var answer = crm.post(CONTACTS, CONTACT.formatted("Ann"));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"error\":\"Try later.\"}");
        assertThat(workspace.all("contacts")).isEmpty();
    }

    @Test
    void a_created_record_has_no_id_unknown_fields_or_nulls_on_command() throws IOException {
        sandbox.faults().on("POST", "/api").times(1).withoutId().arm();
        var answer = crm.post(CONTACTS, CONTACT.formatted("Ann"));
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(Caller.json(answer).has("id")).isFalse();
        assertThat(Caller.json(answer).path("firstName").asText()).isEqualTo("Ann");
        sandbox.faults()
                .on("POST", "/api")
                .times(1)
                .extraFields()
                .nullFields("firstName")
                .arm();
        JsonNode changed = Caller.json(crm.post(CONTACTS, CONTACT.formatted("Bob")));
        assertThat(changed.path("firstName").isNull()).isTrue();
        assertThat(changed.path("lastName").asText()).isEqualTo("Doe");
        assertThat(changed.at("/unknownObject/of/0").asInt()).isEqualTo(1);
        sandbox.faults().on("GET", "/api").times(1).wrapped().nullFields().arm();
        JsonNode rows = Caller.json(list("contacts")).path("data");
        assertThat(rows).hasSize(2);
        assertThat(rows.path(0).path("id").isTextual()).isTrue();
        assertThat(rows.path(1).path("updatedAt").isNull()).isTrue();
    }

    @Test
    void too_many_requests_and_a_missing_module_are_answered_on_command() throws IOException {
        sandbox.faults()
                .on("POST", "/api")
                .times(1)
                .tooMany(Duration.ofSeconds(7))
                .arm();
        var tooMany = crm.post(CONTACTS, CONTACT.formatted("Ann"));
        assertThat(tooMany.statusCode()).isEqualTo(429);
        assertThat(tooMany.headers().firstValue("Retry-After")).hasValue("7");
        sandbox.faults().on("POST", "/api").times(1).audienceMissing().arm();
        var missing = crm.post(CONTACTS, CONTACT.formatted("Ann"));
        assertThat(missing.statusCode()).isEqualTo(400);
        assertThat(Caller.error(missing)).contains("Audience module");
    }

    @Test
    void the_new_faults_can_be_armed_by_http() throws IOException {
        for (String fault : List.of(
                "\"tooMany\":\"PT5S\"", "\"audienceMissing\":true", "\"errorObject\":\"no\"", "\"withoutId\":true")) {
            crm.post("/control/faults", "{\"method\":\"POST\",\"times\":1," + fault + "}");
        }
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            var answer = crm.post(CONTACTS, CONTACT.formatted("Ann"));
            answers.add(answer.statusCode() + " " + Caller.json(answer).has("id"));
        }
        assertThat(answers).containsExactly("429 false", "400 false", "200 false", "201 false");
        crm.post("/control/faults", "{\"times\":1,\"every\":2,\"extraFields\":true,\"nullFields\":[\"email\",\"id\"]}");
        assertThat(list("contacts").body()).doesNotContain("unknownText");
        assertThat(list("contacts").body()).contains("unknownText", "\"id\":null");
        crm.post("/control/faults", "{\"chance\":1,\"seed\":4,\"times\":1,\"resetEitherSide\":true}");
        assertThat(isAnswered("x")).isFalse();
        crm.post("/control/faults", "{\"times\":1,\"commitLate\":\"PT0.001S\",\"nullFields\":true}");
        assertThat(isAnswered("x")).isFalse();
        Awaitility.await().until(() -> workspace.all("contacts").size() == 2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"every\":0}             | every must be at least 1",
                "{\"chance\":\"often\"}    | chance must be a number",
                "{\"chance\":1.5}          | chance must be above 0",
                "{\"chance\":0}            | chance must be above 0",
                "{\"nullFields\":[]}       | nullFields must be true or an array",
                "{\"nullFields\":[1]}      | nullFields must be true or an array",
                "{\"commitLate\":\"soon\"} | commitLate must be an ISO 8601 duration",
                "{\"withoutId\":1}         | withoutId must be true or false",
            })
    void an_impossible_fault_is_refused(String fault, String sentence) throws IOException {
        var answer = crm.post("/control/faults", fault);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Caller.error(answer)).contains(sentence);
    }

    private TreeSet<Integer> struck(List<Integer> numbers, long seed) {
        sandbox.faults().clear();
        sandbox.faults()
                .on("POST", CONTACTS)
                .chance(0.2, seed)
                .resetBeforeCommit()
                .arm();
        TreeSet<Integer> struck = new TreeSet<>();
        for (int number : numbers) {
            if (!isAnswered("n" + number)) {
                struck.add(number);
            }
        }
        return struck;
    }

    /** Who was created, where one in five requests is reset. */
    private static Set<Object> created(Sandbox target, Stream<Integer> numbers) {
        Caller caller = new Caller(target.baseUrl(), Sandbox.DEFAULT_KEY);
        target.faults().on("POST", CONTACTS).chance(0.2, 11).resetEitherSide().arm();
        numbers.forEach(number -> {
            try {
                caller.post(CONTACTS, CONTACT.formatted("n" + number));
            } catch (IOException lost) {
                // One of those that are reset.
            }
        });
        return target.workspace().all("contacts").stream()
                .map(row -> row.get("firstName"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private boolean isAnswered(String firstName) {
        try {
            create(firstName);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void create(String firstName) throws IOException {
        assertThat(crm.post(CONTACTS, CONTACT.formatted(firstName)).statusCode())
                .isEqualTo(201);
    }

    private String state(String sequence) {
        return workspace.all("contacts").toString()
                + workspace.all("deals")
                + workspace.enrollments(sequence)
                + workspace.bookings();
    }
}
