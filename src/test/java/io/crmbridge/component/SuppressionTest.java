package io.crmbridge.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbridge.lead.SuppressionCheck;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.sandbox.Workspace;
import io.crmbridge.state.Suppressions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who has left a sequence, or asked not to be on it, is not enrolled again. */
@Timeout(60)
class SuppressionTest {
    @TempDir
    private Path folder;

    private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults().withSendEach(Duration.ZERO));
    private final Workspace crm = sandbox.workspace();
    private String welcome;
    private String ada;
    private String bob;
    private TestBridge bridge;

    @BeforeEach
    void start() throws IOException {
        welcome = crm.createSequence(Map.of("name", "Welcome"));
        ada = crm.create("contacts", Map.of("firstName", "Ada", "lastName", "L", "email", "ada@example.com"));
        bob = crm.create("contacts", Map.of("firstName", "Bob", "lastName", "M", "email", "bob@example.com"));
        bridge = TestBridge.in(folder, sandbox).yaml("""
                        - route:
                            id: enroll
                            from:
                              uri: direct:enroll
                              steps:
                                - to:
                                    uri: impactiveai:enrollments?operation=enroll&sequence=Welcome
                        - route:
                            id: unenroll
                            from:
                              uri: direct:unenroll
                              steps:
                                - to:
                                    uri: impactiveai:enrollments?operation=unenroll&sequence=Welcome
                        - route:
                            id: watch
                            from:
                              uri: impactiveai:enrollments?sequence=Welcome&delay=1h
                              steps:
                                - to:
                                    uri: mock:watch
                        """).start();
    }

    @AfterEach
    void stop() {
        bridge.close();
        sandbox.close();
    }

    private Map<?, ?> send(String route, Object body) {
        Exchange done = bridge.camel()
                .createProducerTemplate()
                .request("direct:" + route, exchange -> exchange.getMessage().setBody(body));
        assertThat(done.getException()).isNull();
        return done.getMessage().getBody(Map.class);
    }

    private static void assertLeftOut(Map<?, ?> report, String contact, String why) {
        assertThat(new TreeMap<Object, Object>(report))
                .containsEntry("contactId", contact)
                .containsEntry("outcome", "skipped")
                .containsEntry("reason", "suppressed")
                .containsEntry("detail", why);
    }

    private void suppress(String sequence, String subject) {
        bridge.store().suppressions().add(source(), sequence, List.of(subject), "asked to stop");
    }

    private long source() {
        return bridge.store().sources().source("default", "impactiveai").id();
    }

    @Test
    void whom_the_bridge_has_unenrolled_it_does_not_enrol_again() {
        send("enroll", ada);
        send("unenroll", ada);

        assertLeftOut(send("enroll", ada), ada, "unenrolled by the bridge");
        assertThat(crm.enrollments(welcome)).isEmpty();
        send("enroll", bob);
        assertThat(crm.enrollments(welcome)).hasSize(1);
    }

    @Test
    void who_has_unsubscribed_is_remembered_when_the_crm_has_forgotten_them() {
        crm.enroll(welcome, ada);
        crm.unsubscribe(welcome, ada);
        send("enroll", bob);
        crm.unenroll(welcome, ada);

        assertLeftOut(send("enroll", ada), ada, "unsubscribed");
        assertThat(crm.enrollments(welcome)).hasSize(1);
    }

    @Test
    void the_same_address_under_another_contact_is_left_out_too() {
        crm.enroll(welcome, ada);
        crm.unsubscribe(welcome, ada);
        String again = crm.create("contacts", Map.of("firstName", "A", "lastName", "L", "email", "Ada@Example.com"));

        assertLeftOut(send("enroll", Map.of("id", again, "email", "Ada@Example.com")), again, "unsubscribed");
    }

    @Test
    void who_was_seen_to_leave_is_left_out() {
        crm.enroll(welcome, ada);
        bridge.poll("sequences");
        bridge.poll("enrollments/" + welcome);
        crm.unenroll(welcome, ada);
        // All at once are believed to be gone when a second list says so too.
        bridge.poll("enrollments/" + welcome);
        bridge.poll("enrollments/" + welcome);

        assertLeftOut(send("enroll", ada), ada, "has left the sequence");
    }

    @Test
    void a_list_is_enrolled_without_those_who_are_suppressed() {
        String eve = crm.create("contacts", Map.of("firstName", "Eve", "lastName", "X", "email", "eve@example.com"));
        suppress(welcome, SuppressionCheck.contact(bob));
        suppress(Suppressions.ALL, SuppressionCheck.email("EVE@example.com "));

        Exchange done = bridge.camel()
                .createProducerTemplate()
                .request(
                        "direct:enroll",
                        exchange -> exchange.getMessage()
                                .setBody(List.of(ada, bob, Map.of("id", eve, "email", "eve@example.com"))));

        assertThat(done.getException()).isNull();
        assertThat(crm.enrollments(welcome))
                .extracting(row -> row.get("contactId"))
                .containsExactly(ada);
        assertThat(done.getMessage().getBody(List.class))
                .as("what was enrolled and two who were not")
                .hasSize(3);
    }

    @Test
    void another_sequence_and_who_is_allowed_again_are_enrolled() {
        suppress("another", SuppressionCheck.contact(ada));
        send("enroll", ada);
        assertThat(crm.enrollments(welcome)).hasSize(1);

        suppress(welcome, SuppressionCheck.contact(bob));
        bridge.store().suppressions().allow(source(), welcome, List.of(SuppressionCheck.contact(bob)));
        send("enroll", bob);
        assertThat(crm.enrollments(welcome)).hasSize(2);
    }

    @Test
    void nobody_is_enrolled_while_it_cannot_be_read_who_has_left() {
        sandbox.faults()
                .on("GET", "/api/agent/sequences/" + welcome + "/enrollments")
                .status(503)
                .arm();

        Exchange done = bridge.camel()
                .createProducerTemplate()
                .request("direct:enroll", exchange -> exchange.getMessage().setBody(ada));

        assertThat(done.getException()).isInstanceOf(TargetException.class);
        assertThat(crm.enrollments(welcome)).isEmpty();
    }
}
