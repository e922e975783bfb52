package io.crmbridge.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmbridge.console.Status;
import io.crmbridge.feed.Outcome;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.state.FeedState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Routes and snapshots on the feeds that each sequence has. */
@Timeout(60)
class SequenceRouteTest {
    private static final String LIST = "/api/agent/sequences";
    private static final String MOCK = "- to: mock:got";

    @TempDir
    private Path folder;

    private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults());
    private TestBridge bridge;

    @AfterEach
    void stop() {
        if (bridge != null) {
            bridge.close();
        }
        sandbox.close();
    }

    private String sequence(String name) {
        return sandbox.workspace().createSequence(Map.of("name", name, "steps", List.of()));
    }

    private String member(String sequence, String name) {
        String contact = sandbox.workspace()
                .create("contacts", Map.of("firstName", name, "lastName", "T", "email", name + "@example.com"));
        sandbox.workspace().enroll(sequence, contact);
        return contact;
    }

    private TestBridge start(String resource, String chosen) throws IOException {
        return TestBridge.in(folder, sandbox)
                .route("route", resource, "sequence=" + chosen, MOCK)
                .start();
    }

    /** Polls a feed of a sequence once its first poll is done. */
    private void poll(String resource, String sequence) {
        awaitPolled(resource, sequence);
        bridge.poll(resource + "/" + sequence);
    }

    private void awaitPolled(String resource, String sequence) {
        await().until(() -> feeds().anyMatch(feed ->
                feed.name().equals(resource + "/" + sequence) && feed.freshAt().isPresent()));
    }

    private Stream<FeedState> feeds() {
        return bridge.store().sources().feeds().stream();
    }

    private Status.RouteStatus place(String feed) {
        return Status.of(bridge.store(), true).routes().stream()
                .filter(route -> feed.equals(route.feed()))
                .findFirst()
                .orElseThrow();
    }

    private List<Exchange> awaitGot(int count) {
        await().untilAsserted(
                        () -> assertThat(bridge.mock("got").getExchanges()).hasSize(count));
        return bridge.mock("got").getExchanges();
    }

    @Test
    void a_sequence_is_chosen_by_its_name_and_its_id_goes_along_in_a_header() throws Exception {
        String welcome = sequence("Welcome mail");
        String other = sequence("Other");
        String ann = member(welcome, "Ann");
        String ben = member(other, "Ben");
        sandbox.workspace().reply(ann, "Re", "Before", null);
        bridge = start("replies", "Welcome mail");
        awaitPolled("replies", welcome);

        sandbox.workspace().reply(ben, "Re", "Of the other", null);
        String id = sandbox.workspace().reply(ann, "Re", "After", null);
        poll("replies", welcome);

        Message got = awaitGot(1).get(0).getMessage();
        assertThat(got.getHeaders())
                .containsEntry("CamelCrmSequence", welcome)
                .containsEntry("CamelCrmFeed", "replies")
                .containsEntry("CamelCrmRecordId", id)
                .containsEntry("CamelCrmChange", "created");
        assertThat(got.getBody(Map.class)).containsEntry("body", "After");
        assertThat(feeds().map(FeedState::name)).doesNotContain("replies/" + other);
    }

    @Test
    void all_sequences_are_followed_and_a_new_one_with_all_that_it_has_already() throws Exception {
        String first = sequence("First");
        String ann = member(first, "Ann");
        sandbox.workspace().reply(ann, "Re", "History", null);
        bridge = start("replies", "*");
        awaitPolled("replies", first);

        String second = sequence("Second");
        String ben = member(second, "Ben");
        sandbox.workspace().reply(ben, "Re", "Before its first poll", null);
        bridge.poll("sequences");
        awaitPolled("replies", second);

        List<Exchange> got = awaitGot(1);
        assertThat(got.get(0).getMessage().getHeader("CamelCrmSequence")).isEqualTo(second);
        sandbox.workspace().reply(ann, "Re", "Of the first", null);
        poll("replies", first);
        assertThat(awaitGot(2).get(1).getMessage().getHeader("CamelCrmSequence"))
                .isEqualTo(first);
        assertThat(place("replies/" + first).delivered()).isEqualTo(1);
        assertThat(place("replies/" + second).delivered()).isEqualTo(1);
        assertThat(place("sequences").state()).isEqualTo("ACTIVE");
        assertThat(place("sequences").waiting()).isZero();
    }

    @Test
    void a_sequence_that_appears_while_the_bridge_is_down_begins_with_all_that_it_has() throws Exception {
        String first = sequence("First");
        bridge = start("enrollments", "*");
        awaitPolled("enrollments", first);
        bridge.close();

        String second = sequence("Second");
        member(second, "Ben");
        bridge = start("enrollments", "*");
        bridge.poll("sequences");
        awaitPolled("enrollments", second);

        assertThat(awaitGot(1).get(0).getMessage().getHeader("CamelCrmSequence"))
                .isEqualTo(second);
    }

    @Test
    void a_sequence_that_is_gone_ends_its_polling_and_keeps_its_place() throws Exception {
        String first = sequence("First");
        String second = sequence("Second");
        String third = sequence("Third");
        String ann = member(first, "Ann");
        bridge = start("replies", "*");
        Stream.of(first, second, third).forEach(id -> awaitPolled("replies", id));
        List<Map<String, Object>> all = sandbox.workspace().sequences();

        sandbox.faults()
                .on("GET", LIST)
                .body(new String(CrmRecord.toJson(all.subList(1, 3))), "application/json")
                .times(1)
                .arm();
        bridge.poll("sequences");
        org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
                .isThrownBy(() -> bridge.poll("replies/" + first));
        sandbox.workspace().reply(ann, "Re", "Meanwhile", null);

        bridge.poll("sequences");
        poll("replies", first);
        assertThat(awaitGot(1).get(0).getMessage().getBody(Map.class)).containsEntry("body", "Meanwhile");
        assertThat(Status.of(bridge.store(), true).problems()).isEmpty();
    }

    @Test
    void an_unknown_name_does_not_poll_and_is_told_with_the_nearest_one_until_it_is_there() throws Exception {
        sequence("Welcome");
        bridge = start("sends", "Welcom");

        bridge.awaitState("route", "ALARM");
        assertThat(place("sequences").reason()).contains("no \"Welcom\"").contains("did you mean \"Welcome\"?");
        assertThat(Status.of(bridge.store(), true).problems())
                .anySatisfy(problem -> assertThat(problem).contains("Welcom"));
        assertThat(feeds().map(FeedState::name)).noneMatch(name -> name.startsWith("sends/"));

        String right = sequence("Welcom");
        bridge.poll("sequences");
        awaitPolled("sends", right);
        assertThat(place("sequences").state()).isEqualTo("ACTIVE");
        assertThat(Status.of(bridge.store(), true).problems()).isEmpty();
    }

    @Test
    void a_name_that_two_sequences_have_is_told_with_their_ids() throws Exception {
        String one = sequence("Twice");
        String two = sequence("Twice");
        bridge = start("sends", "Twice");

        bridge.awaitState("route", "ALARM");
        assertThat(place("sequences").reason()).contains(one).contains(two);
    }

    @Test
    void a_crm_that_is_down_at_the_start_stops_nothing_and_is_asked_again() throws Exception {
        String welcome = sequence("Welcome");
        String ann = member(welcome, "Ann");
        sandbox.faults().on("GET", LIST).status(503).arm();
        bridge = start("replies", "Welcome");
        assertThat(place("sequences").reason()).contains("waits for the CRM's list of sequences");
        assertThat(place("sequences").state()).isEqualTo("ACTIVE");

        sandbox.faults().clear();
        bridge.poll("sequences");
        awaitPolled("replies", welcome);
        sandbox.workspace().reply(ann, "Re", "After", null);
        poll("replies", welcome);

        awaitGot(1);
        assertThat(place("sequences").reason()).isNull();
    }

    @Test
    void a_route_that_is_known_from_before_reads_on_while_the_list_fails() throws Exception {
        String welcome = sequence("Welcome");
        String ann = member(welcome, "Ann");
        bridge = start("replies", "Welcome");
        awaitPolled("replies", welcome);
        bridge.close();
        sandbox.workspace().reply(ann, "Re", "Meanwhile", null);
        sandbox.faults().on("GET", LIST).status(503).times(1).arm();

        bridge = start("replies", "Welcome");

        assertThat(awaitGot(1)).hasSize(1);
    }

    @Test
    void a_snapshot_shows_what_is_known_of_one_sequence() throws Exception {
        String welcome = sequence("Welcome");
        String other = sequence("Other");
        member(other, "Zoe");
        String ann = member(welcome, "Ann");
        member(welcome, "Ben");
        member(welcome, "Cid");
        bridge = TestBridge.in(folder, sandbox).yaml(ask("Welcome")).start();

        Message answer = ask().getMessage();
        assertThat(answer.getHeaders())
                .containsEntry("CamelCrmFeed", "enrollments")
                .containsEntry("CamelCrmSequence", welcome)
                .containsEntry("CamelCrmComplete", true)
                .containsEntry("CamelCrmCount", 3);

        sandbox.workspace().unenroll(welcome, ann);
        bridge.poll("enrollments/" + welcome);
        assertThat(ask().getMessage().getHeader("CamelCrmCount")).isEqualTo(2);
    }

    @Test
    void a_snapshot_of_an_unknown_sequence_fails_for_good_and_names_the_nearest() throws Exception {
        sequence("Welcome");
        bridge = TestBridge.in(folder, sandbox).yaml(ask("Welcom")).start();

        Exception failure = ask().getException();

        assertThat(failure).isInstanceOf(TargetException.class).hasMessageContaining("did you mean \"Welcome\"?");
        assertThat(((TargetException) failure).outcome()).isInstanceOf(Outcome.Permanent.class);
    }

    @Test
    void a_snapshot_before_the_crm_has_answered_fails_for_now() throws Exception {
        sequence("Welcome");
        sandbox.faults().on("GET", LIST).status(503).arm();
        bridge = TestBridge.in(folder, sandbox).yaml(ask("Welcome")).start();

        assertThat(((TargetException) ask().getException()).outcome()).isInstanceOf(Outcome.Passing.class);
    }

    private Exchange ask() {
        return bridge.camel().createProducerTemplate().request("direct:ask", exchange -> {});
    }

    private static String ask(String sequence) {
        return """
                - route:
                    id: ask
                    from:
                      uri: direct:ask
                      steps:
                        - to:
                            uri: impactiveai:enrollments
                            parameters: { operation: snapshot, sequence: %s, delay: 1h }
                """.formatted(sequence);
    }
}
