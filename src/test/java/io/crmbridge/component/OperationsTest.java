package io.crmbridge.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbridge.crm.Operation;
import io.crmbridge.crm.impactiveai.Operations;
import io.crmbridge.feed.Outcome;
import io.crmbridge.lead.GateQueue;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.sandbox.Workspace;
import io.crmbridge.state.IntentState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every operation of docs/operations.md, by the sample that stands there, over HTTP. */
@Timeout(120)
class OperationsTest {
    private static final Path DOCUMENT = Path.of("docs/operations.md");
    private static final Pattern SAMPLE = Pattern.compile("(?s)### (.*?)\n.*?```yaml\n(.*?)```");

    @TempDir
    private Path folder;

    private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults().withSendEach(Duration.ZERO));
    private final Workspace crm = sandbox.workspace();
    private final Map<String, String> samples = new TreeMap<>();
    private final TreeSet<String> called = new TreeSet<>();
    private TestBridge bridge;
    private String ada;
    private String bob;
    private String welcome;

    @BeforeEach
    void start() throws Exception {
        ada = crm.create("contacts", Map.of("firstName", "Ada", "lastName", "L", "email", "ada@example.com"));
        bob = crm.create("contacts", Map.of("firstName", "Bob", "lastName", "M", "email", "bob@example.com"));
        welcome = crm.createSequence(
                Map.of("name", "Welcome", "steps", List.of(Map.of("subject", "Hi", "body", "Hello", "delayDays", 0))));
        Matcher sample = SAMPLE.matcher(Files.readString(DOCUMENT));
        while (sample.find()) {
            samples.put(sample.group(1), sample.group(2));
        }
        bridge = TestBridge.in(folder, sandbox)
                .set("bridge.crm.settle", "100ms")
                .yaml(String.join("\n", samples.values()))
                .start();
    }

    @AfterEach
    void stop() {
        bridge.close();
        sandbox.close();
    }

    /** Sends a body to the sample under a heading, and gives what its route made of it. */
    private Object call(String heading, Object body) {
        called.add(heading);
        return send(heading.replace("api=", "").replace(",", "").replace(' ', '-'), body);
    }

    private Object send(String route, Object body) {
        Exchange done = bridge.camel()
                .createProducerTemplate()
                .request("direct:" + route, exchange -> exchange.getMessage().setBody(body));
        if (done.getException() != null) {
            throw new CamelExecutionException("failed", done, done.getException());
        }
        return done.getMessage().getBody();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> record(Object body) {
        assertThat(body).isInstanceOf(Map.class);
        return (Map<String, Object>) body;
    }

    private static List<?> rows(Object body) {
        assertThat(body).isInstanceOf(List.class);
        return (List<?>) body;
    }

    private static List<String> ids(Object body) {
        return rows(body).stream().map(row -> record(row).get("id").toString()).toList();
    }

    private Outcome outcome(Runnable call) {
        List<Outcome> outcomes = new ArrayList<>();
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        CamelExecutionException.class, e -> outcomes.add(Outcomes.DEFAULT.of(e.getCause())));
        return outcomes.get(0);
    }

    @Test
    void every_operation_of_the_document_does_what_it_says() {
        Object created =
                call("contacts create", Map.of("firstName", "Eve", "lastName", "X", "email", "eve@example.com"));
        assertThat(crm.get("contacts", record(created).get("id").toString())).containsEntry("firstName", "Eve");
        List<?> two = rows(call(
                "contacts create",
                List.of(Map.of("firstName", "F1", "lastName", "X"), Map.of("firstName", "F2", "lastName", "X"))));
        assertThat(two).extracting(row -> record(row).get("firstName")).isEqualTo(List.of("F1", "F2"));
        assertThat(record(call("contacts create, api=zapier", Map.of("firstName", "Zoe", "lastName", "X"))))
                .containsKey("id");
        call("contacts update", Map.of("id", ada, "title", "CEO"));
        assertThat(crm.get("contacts", ada)).containsEntry("title", "CEO").containsEntry("firstName", "Ada");
        call(
                "contacts upsert",
                Map.of("firstName", "Ada", "lastName", "L", "email", "ADA@example.com", "title", "CTO"));
        assertThat(crm.get("contacts", ada)).containsEntry("title", "CTO");
        assertThat(ids(call("contacts list", null))).contains(ada, bob);
        assertThat(ids(call("contacts list, api=agent", null))).contains(ada, bob);

        String company = record(call("companies create", Map.of("name", "Acme")))
                .get("id")
                .toString();
        assertThat(ids(call("companies list", null))).containsExactly(company);
        String deal = record(call("deals create", Map.of("name", "Big", "amount", 12.5)))
                .get("id")
                .toString();
        assertThat(ids(call("deals list", null))).containsExactly(deal);
        String invoice = crm.create("invoices", Map.of("number", "R-1"));
        assertThat(ids(call("invoices list", null))).containsExactly(invoice);
        String project = crm.create("projects", Map.of("name", "P"));
        assertThat(ids(call("projects list", null))).containsExactly(project);

        Map<String, Object> draft = record(call("sequences create", null));
        assertThat(draft.get("status")).isEqualTo("draft");
        assertThat(rows(draft.get("steps"))).hasSize(1);
        assertThat(record(call("sequences get", null)).get("id")).isEqualTo(welcome);
        assertThat(ids(call("sequences list", null)))
                .containsExactlyInAnyOrder(welcome, draft.get("id").toString());
        String account = crm.addSendingAccount("Sales", "Sales", "sales@example.com", false);
        call("sequences update", Map.of("description", "New", "sendingAccountId", "Sales"));
        assertThat(crm.sequence(welcome))
                .containsEntry("description", "New")
                .containsEntry("sendingAccountId", account);

        String step = record(call("steps add", Map.of("subject", "Two", "body", "B", "delayDays", 1)))
                .get("id")
                .toString();
        call("steps update", Map.of("id", step, "subject", "2"));
        assertThat(rows(crm.sequence(welcome).get("steps")))
                .extracting(row -> record(row).get("subject"))
                .isEqualTo(List.of("Hi", "2"));
        call("steps delete", Map.of("id", step));
        call("steps delete", Map.of("id", step));
        assertThat(rows(crm.sequence(welcome).get("steps"))).hasSize(1);

        assertThat(rows(call("enrollments enroll", List.of(Map.of("id", ada), bob))).stream()
                        .filter(report -> record(report).get("outcome").equals("enrolled")))
                .hasSize(2);
        assertThat(record(call("enrollments enroll", ada)))
                .containsEntry("outcome", "skipped")
                .containsEntry("reason", "already_enrolled");
        assertThat(rows(call("enrollments list", null))).hasSize(2);
        call("enrollments pause", Map.of("id", ada));
        assertThat(crm.enrollment(welcome, ada)).containsEntry("status", "paused");
        assertThat(crm.enrollment(welcome, bob)).containsEntry("status", "active");
        crm.sendDue();
        assertThat(rows(call("sends list", null))).hasSize(1);
        String reply = crm.reply(bob, "Re: Hi", "Yes", null);
        assertThat(ids(call("replies list", null))).containsExactly(reply);
        call("enrollments unenroll", "[\"%s\", \"%s\"]".formatted(bob, bob));
        assertThat(crm.enrollments(welcome)).hasSize(1);
        assertThat(ids(call("contact-replies list", Map.of("id", bob)))).containsExactly(reply);

        String booking = record(call("bookings create", Map.of("title", "Call", "contactId", ada)))
                .get("id")
                .toString();
        assertThat(ids(call("bookings list", null))).containsExactly(booking);
        assertThat(ids(call("sending-accounts list", null))).containsExactly(account);
        assertThat(record(call("auth test", null)).get("id")).isEqualTo(crm.id());

        assertThat(called).as("each sample was called").isEqualTo(samples.keySet());
        assertThat(samples).as("each operation has its sample, and upsert").hasSize(Operations.ALL.size() + 1);
        samples.remove("contacts upsert");
        assertThat(samples.keySet().stream()
                        .map(heading -> heading.split(",")[0])
                        .collect(Collectors.toSet()))
                .isEqualTo(Operations.ALL.stream()
                        .map((Operation operation) -> operation.resource() + " " + operation.name())
                        .collect(Collectors.toSet()));
    }

    @Test
    void pausing_nobody_is_an_error_and_everybody_is_asked_for() {
        crm.enroll(welcome, ada, bob);

        assertThat(outcome(() -> call("enrollments pause", List.of())))
                .isInstanceOf(Outcome.Permanent.class)
                .extracting(Outcome::reason)
                .asString()
                .contains("all=true");
        assertThat(crm.enrollment(welcome, ada)).containsEntry("status", "active");
    }

    @Test
    void what_the_crm_refuses_or_does_not_have_is_permanent_and_told() {
        assertThat(outcome(() -> call("contacts update", Map.of("id", "gone", "title", "x"))))
                .isInstanceOf(Outcome.Permanent.class)
                .extracting(Outcome::reason)
                .asString()
                .contains("404");
        assertThat(outcome(() -> call("contacts create", Map.of("firstName", "Eve"))))
                .isInstanceOf(Outcome.Permanent.class)
                .extracting(Outcome::reason)
                .asString()
                .contains("lastName is required");
        assertThat(outcome(() -> call(
                        "contacts create",
                        List.of(
                                Map.of("firstName", "Ok", "lastName", "X"),
                                Map.of("firstName", "Eve", "lastName", "X", "companyId", "nowhere")))))
                .isInstanceOf(Outcome.Permanent.class)
                .extracting(Outcome::reason)
                .asString()
                .contains("1 of 2 were not done: entry 2")
                .doesNotContain("Eve");
        assertThat(outcome(() -> call("enrollments unenroll", "nobody@example.com")))
                .isInstanceOf(Outcome.Permanent.class)
                .extracting(Outcome::reason)
                .asString()
                .contains("no id")
                .doesNotContain("nobody");
        assertThat(outcome(() -> call("contacts update", Map.of("id", "ada@example.com", "title", "x"))))
                .extracting(Outcome::reason)
                .asString()
                .contains("is no id")
                .doesNotContain("ada@");
        assertThat(outcome(() -> call("deals create", Map.of("name", "D", "stageId", "Won"))))
                .isInstanceOf(Outcome.Permanent.class)
                .extracting(Outcome::reason)
                .asString()
                .contains("stageId is an id, not a name");
        assertThat(outcome(() -> call("contact-replies list", Map.of("name", "x"))))
                .extracting(Outcome::reason)
                .asString()
                .contains("contact");
        assertThat(outcome(() -> call("contacts create", "no JSON")))
                .extracting(Outcome::reason)
                .asString()
                .contains("no JSON");
        assertThat(crm.all("contacts"))
                .extracting(row -> row.get("firstName"))
                .containsOnlyOnce("Ok")
                .doesNotContain("Eve");
    }

    @Test
    void a_name_that_is_not_there_or_is_there_twice_is_refused_with_what_to_write() {
        crm.updateSequence(welcome, Map.of("name", "Welcom"));
        assertThat(outcome(() -> call("sequences get", null)))
                .isInstanceOf(Outcome.Permanent.class)
                .extracting(Outcome::reason)
                .asString()
                .contains("did you mean \"Welcom\"?");
        String one = crm.createSequence(Map.of("name", "Welcome"));
        String two = crm.createSequence(Map.of("name", "Welcome"));
        assertThat(outcome(() -> call("sequences get", null)))
                .extracting(Outcome::reason)
                .asString()
                .contains("2 of the name", one, two);
    }

    @Test
    void an_audience_that_is_off_is_said_with_what_to_switch_on() throws Exception {
        bridge.close();
        bridge = TestBridge.in(folder.resolve("audience"), sandbox).yaml("""
                - route:
                    id: tags
                    from:
                      uri: direct:tags
                      steps:
                        - to:
                            uri: impactiveai:enrollments
                            parameters:
                              operation: enroll
                              sequence: Welcome
                              tagIds: some, other
                              allowUnchecked: true
                """).start();

        assertThat(record(send("tags", null)))
                .containsEntry("outcome", "skipped")
                .containsEntry("reason", "held")
                .extractingByKey("detail")
                .asString()
                .contains("Audience module");
        List<GateQueue> queues = GateQueue.of(bridge.store());
        assertThat(queues).extracting(GateQueue::sequence).containsExactly(welcome);
        queues.get(0).decide(bridge.store(), 1, true);
        bridge.settle();

        assertThat(bridge.store().intents().list(Set.of(IntentState.UNKNOWN), 9))
                .hasSize(1);
    }

    @Test
    void a_verb_that_the_document_does_not_name_is_an_option() throws Exception {
        bridge.close();
        bridge = TestBridge.in(folder.resolve("verb"), sandbox).yaml("""
                - route:
                    id: put
                    from:
                      uri: direct:put
                      steps:
                        - to:
                            uri: impactiveai:contacts
                            parameters:
                              operation: update
                              verb: PUT
                """).start();

        assertThat(outcome(() -> send("put", Map.of("id", ada, "title", "x"))))
                .extracting(Outcome::reason)
                .asString()
                .contains("405");
    }

    @Test
    void a_key_that_is_refused_stops_the_route_and_names_the_connection() {
        crm.revokeKey();

        assertThat(outcome(() -> call("contacts create", Map.of("firstName", "A", "lastName", "B"))))
                .isInstanceOf(Outcome.Refused.class);
    }
}
