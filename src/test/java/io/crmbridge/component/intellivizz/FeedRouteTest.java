package io.crmbridge.component.intellivizz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmbridge.component.TestBridge;
import io.crmbridge.sandbox.intellivizz.IntellivizzSandbox;
import io.crmbridge.sandbox.intellivizz.Location;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Routes and snapshots on the feeds of an Intellivizz location and of an agency. */
@Timeout(60)
class FeedRouteTest {
    private static final String MOCK = "- to: mock:got";

    @TempDir
    private Path folder;

    private final IntellivizzSandbox crm = IntellivizzSandbox.start(0, Clock.systemUTC(), 0, 7);
    private final Location location = crm.location();
    private TestBridge bridge;

    FeedRouteTest() {
        crm.limits();
    }

    @AfterEach
    void stop() {
        if (bridge != null) {
            bridge.close();
        }
        crm.close();
    }

    private List<Exchange> awaitGot(int count) {
        await().untilAsserted(
                        () -> assertThat(bridge.mock("got").getExchanges()).hasSize(count));
        return bridge.mock("got").getExchanges();
    }

    static Stream<Arguments> sources() {
        return Stream.of(
                Arguments.of("contacts", "firstName"),
                Arguments.of("opportunities", "name"),
                Arguments.of("appointments", "title"),
                Arguments.of("messages", "message"),
                Arguments.of("form-submissions", "name"),
                Arguments.of("survey-submissions", "name"),
                Arguments.of("invoices", "name"),
                Arguments.of("transactions", "entityType"));
    }

    @ParameterizedTest
    @MethodSource("sources")
    void a_record_is_delivered_when_it_is_made_and_when_it_changes(String resource, String field) throws Exception {
        bridge = TestBridge.in(folder, crm).route("route", resource, "", MOCK).start();

        String id = bridge.create(resource, Map.of(field, "First"));
        Message created = awaitGot(1).get(0).getMessage();
        assertThat(created.getHeaders())
                .containsEntry("CamelCrmConnection", "default")
                .containsEntry("CamelCrmFeed", resource)
                .containsEntry("CamelCrmRecordId", id)
                .containsEntry("CamelCrmChange", "created")
                .containsKeys("CamelCrmVersion", "CamelCrmIdempotencyKey")
                .doesNotContainKeys("CamelCrmSequence", "CamelCrmLocation");
        assertThat(created.getBody(Map.class)).containsEntry(field, "First");

        location.update(resource, id, Map.of(field, "Second"));
        bridge.poll(resource);
        Exchange updated = awaitGot(2).get(1);
        assertThat(updated.getMessage().getHeader("CamelCrmChange")).isEqualTo("updated");
        assertThat(updated.getMessage().getBody(Map.class)).containsEntry(field, "Second");
        assertThat(updated.getProperty("crmPrevious", Map.class)).containsEntry(field, "First");
        bridge.awaitDelivered("route", 2);
    }

    @Test
    void a_route_on_every_connection_leaves_out_an_agency_whose_feeds_are_of_each_location() throws Exception {
        bridge = TestBridge.with(folder, crm)
                .agency("agency", crm)
                .location("one", crm, location)
                .route("route", "contacts", "connection=*", MOCK)
                .start();

        location.create("contacts", Map.of("firstName", "Ann"));
        bridge.poll("one", "contacts");

        assertThat(awaitGot(1).get(0).getMessage().getHeader("CamelCrmConnection"))
                .isEqualTo("one");
    }

    private String submit(String form, String name) {
        return bridge.create("form-submissions", Map.of("formId", location.idOf("forms", form), "name", name));
    }

    private List<Object> names() {
        return bridge.mock("got").getExchanges().stream()
                .map(exchange -> exchange.getMessage().getBody(Map.class).get("name"))
                .toList();
    }

    @Test
    void submissions_of_one_form_are_chosen_by_its_name() throws Exception {
        bridge = TestBridge.in(folder, crm)
                .route("route", "form-submissions", "form=Newsletter", MOCK)
                .start();

        submit("Contact us", "Ann");
        submit("Newsletter", "Ben");
        submit("Contact us", "Cid");

        bridge.awaitDelivered("route", 3);
        assertThat(names()).containsExactly("Ben");
    }

    @Test
    void submissions_of_one_form_are_chosen_by_its_id_and_in_batches() throws Exception {
        bridge = TestBridge.in(folder, crm)
                .route("route", "form-submissions", "batchSize=10&form=" + location.idOf("forms", "Newsletter"), MOCK)
                .start();
        location.create("form-submissions", Map.of("formId", location.idOf("forms", "Contact us"), "name", "Ann"));

        submit("Newsletter", "Ben");

        bridge.awaitDelivered("route", 2);
        assertThat(awaitGot(1).get(0).getMessage().getBody(List.class))
                .singleElement()
                .satisfies(row -> assertThat((Map<?, ?>) row).extracting("name").isEqualTo("Ben"));
    }

    @Test
    void submissions_of_one_survey_are_chosen_by_its_name() throws Exception {
        bridge = TestBridge.in(folder, crm)
                .route("route", "survey-submissions", "form=RAW(How did we do?)", MOCK)
                .start();

        bridge.create("survey-submissions", Map.of("surveyId", "other", "name", "Ann"));
        bridge.create(
                "survey-submissions", Map.of("surveyId", location.idOf("surveys", "How did we do?"), "name", "Ben"));

        bridge.awaitDelivered("route", 2);
        assertThat(names()).containsExactly("Ben");
    }

    @Test
    void a_form_that_is_not_there_stops_the_route_with_a_sentence_and_kills_no_submission() throws Exception {
        bridge = TestBridge.in(folder, crm)
                .route("route", "form-submissions", "form=Newsleter", MOCK)
                .start();

        submit("Newsletter", "Ann");

        bridge.awaitState("route", "ALARM");
        assertThat(bridge.route("route").reason())
                .contains("no form \"Newsleter\": did you mean \"Newsletter\"?")
                .doesNotContain("Ann");
        assertThat(bridge.route("route").dead()).isZero();
        location.create("forms", Map.of("name", "Newsleter"));
        bridge.resume("route");
        bridge.awaitDelivered("route", 1);
        assertThat(names()).isEmpty();
    }

    @Test
    void an_agencys_route_follows_all_its_locations_and_says_which_one() throws Exception {
        Location second = crm.addLocation("loc_two", "Second");
        bridge = TestBridge.with(folder, crm)
                .agency("default", crm)
                .route("route", "contacts", "locations=*", MOCK)
                .start();
        awaitPolled("contacts/loc_sandbox");
        awaitPolled("contacts/loc_two");

        second.create("contacts", Map.of("firstName", "Zoe"));
        bridge.poll("contacts/loc_two");

        Message got = awaitGot(1).get(0).getMessage();
        assertThat(got.getHeaders())
                .containsEntry("CamelCrmLocation", "loc_two")
                .containsEntry("CamelCrmFeed", "contacts")
                .containsEntry("CamelCrmChange", "created")
                .doesNotContainKey("CamelCrmSequence");
        assertThat(got.getBody(Map.class)).containsEntry("firstName", "Zoe");
    }

    @Test
    void an_agencys_route_and_snapshot_are_of_one_location_by_its_name() throws Exception {
        Location second = crm.addLocation("loc_two", "Second");
        second.create("contacts", Map.of("firstName", "Zoe"));
        bridge = TestBridge.with(folder, crm)
                .agency("default", crm)
                .route("route", "contacts", "locations=Second", MOCK)
                .start();
        awaitPolled("contacts/loc_two");

        Message answer =
                ask("contacts?operation=snapshot&delay=1h&locations=Second").getMessage();

        assertThat(answer.getHeaders())
                .containsEntry("CamelCrmLocation", "loc_two")
                .doesNotContainKey("CamelCrmSequence");
        assertThat(answer.getBody(List.class)).hasSize(1);
        assertThat(bridge.store().sources().feeds())
                .extracting(feed -> feed.name())
                .doesNotContain("contacts/loc_sandbox");
    }

    private Exchange ask(String target) {
        return bridge.camel().createProducerTemplate().request("intellivizz:" + target, exchange -> {});
    }

    private void awaitPolled(String feed) {
        await().until(() -> bridge.store().sources().feeds().stream()
                .anyMatch(it -> it.name().equals(feed) && it.freshAt().isPresent()));
    }

    @Test
    void a_snapshot_shows_the_records_that_a_condition_holds_for() throws Exception {
        location.create("invoices", Map.of("name", "One", "status", "paid"));
        location.create("invoices", Map.of("name", "Two", "status", "sent"));
        bridge = TestBridge.in(folder, crm).route("route", "invoices", "", MOCK).start();

        Message answer = ask("invoices?operation=snapshot&delay=1h&where=RAW(${body[status]} != 'paid')")
                .getMessage();

        assertThat(answer.getHeaders())
                .containsEntry("CamelCrmFeed", "invoices")
                .containsEntry("CamelCrmCount", 1);
        assertThat(answer.getBody(List.class))
                .singleElement()
                .satisfies(row -> assertThat((Map<?, ?>) row).extracting("name").isEqualTo("Two"));
    }

    @Test
    void a_lists_whole_answer_tells_what_is_gone() throws Exception {
        bridge =
                TestBridge.in(folder, crm).route("route", "workflows", "", MOCK).start();
        location.remove("workflows", location.idOf("workflows", "Welcome"));

        bridge.poll("workflows");

        assertThat(awaitGot(1).get(0).getMessage().getHeader("CamelCrmChange")).isEqualTo("gone");
    }

    @Test
    void a_write_in_a_feeds_route_is_done_once_for_each_change() throws Exception {
        bridge = TestBridge.in(folder, crm)
                .set("bridge.crm.settle", "100ms")
                .route("route", "form-submissions", "retry.delay=10ms", """
                        - setBody:
                            expression: { simple: { expression: "${body[contactId]}" } }
                        - to: { uri: "intellivizz:workflows?workflow=Welcome" }
                        - to: mock:got""")
                .start();
        bridge.at("got", exchange -> {
            if (bridge.mock("got").getReceivedCounter() == 1) {
                throw new java.io.IOException("once");
            }
        });
        String contact = location.create("contacts", Map.of("firstName", "Ann"));

        bridge.create("form-submissions", Map.of("formId", "any", "contactId", contact));

        bridge.awaitDelivered("route", 1);
        assertThat(location.all("workflow-runs")).hasSize(1);
    }
}
