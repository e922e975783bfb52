package io.crmbridge.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbridge.bundle.BundleException;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.sandbox.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who is taken off a sequence, or off all, and where they are not enrolled again. */
@Timeout(60)
class UnenrollTest {
    private static final String SEQUENCES = "/api/agent/sequences";

    @TempDir
    private Path folder;

    private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults().withSendEach(Duration.ZERO));
    private final Workspace crm = sandbox.workspace();
    private String welcome;
    private String offer;
    private String ada;
    private TestBridge bridge;

    @BeforeEach
    void data() {
        welcome = crm.createSequence(Map.of("name", "Welcome"));
        offer = crm.createSequence(Map.of("name", "Offer"));
        ada = contact("Ada@example.com");
        crm.enroll(welcome, ada);
        crm.enroll(offer, ada);
    }

    @AfterEach
    void stop() {
        if (bridge != null) {
            bridge.close();
        }
        sandbox.close();
    }

    private String contact(String email) {
        return crm.create("contacts", Map.of("firstName", "Ada", "lastName", "L", "email", email));
    }

    private static String route(String id, String options) {
        return """
                - route:
                    id: %s
                    from:
                      uri: direct:%s
                      steps:
                        - to:
                            uri: "impactiveai:enrollments?%s"
                """.formatted(id, id, options);
    }

    private void start(String options) throws IOException {
        bridge = TestBridge.in(folder, sandbox)
                .yaml(route("unenroll", "operation=unenroll&" + options))
                .yaml(route("welcome", "operation=enroll&sequence=Welcome"))
                .yaml(route("offer", "operation=enroll&sequence=Offer"))
                .start();
    }

    private Exchange send(String route, Object body) {
        return bridge.camel()
                .createProducerTemplate()
                .request("direct:" + route, exchange -> exchange.getMessage().setBody(body));
    }

    private boolean isEnrolledBy(String route, Object body) {
        Exchange done = send(route, body);
        assertThat(done.getException()).isNull();
        Map<?, ?> report = done.getMessage().getBody(Map.class);
        boolean enrolled = "enrolled".equals(report.get("outcome"));
        assertThat(report.get("reason")).isEqualTo(enrolled ? "" : "suppressed");
        return enrolled;
    }

    @Test
    void everywhere_holds_for_every_sequence_and_for_a_new_contact_of_the_same_address() throws IOException {
        start("sequence=Welcome&suppress=everywhere");

        Object reply = Map.of("id", "r1", "contactId", ada, "fromAddress", "Ada L <ada@example.com>");
        assertThat(send("unenroll", reply).getException()).isNull();

        assertThat(crm.enrollments(welcome)).isEmpty();
        assertThat(crm.enrollments(offer)).as("taken off the one it names").hasSize(1);
        crm.unenroll(offer, ada);
        assertThat(isEnrolledBy("offer", ada)).isFalse();
        String again = contact("ada@EXAMPLE.com");
        assertThat(isEnrolledBy("welcome", Map.of("id", again, "email", "ada@EXAMPLE.com")))
                .isFalse();
        assertThat(isEnrolledBy("welcome", contact("bob@example.com"))).isTrue();
    }

    @Test
    void an_asterisk_takes_off_all_sequences_and_the_sequences_of_today_alone_are_closed() throws IOException {
        start("sequence=*");
        String neverThere = contact("bob@example.com");

        assertThat(send("unenroll", List.of(ada, neverThere)).getException()).isNull();

        assertThat(crm.enrollments(welcome)).isEmpty();
        assertThat(crm.enrollments(offer)).isEmpty();
        assertThat(isEnrolledBy("welcome", ada)).isFalse();
        assertThat(isEnrolledBy("offer", ada)).isFalse();
        assertThat(bridge.store().suppressions().counts())
                .extracting(count -> count.sequence())
                .containsExactlyInAnyOrder(welcome, offer);
    }

    @Test
    void the_wish_is_on_record_before_the_crm_is_asked_for_anything_and_a_second_try_does_the_rest()
            throws IOException {
        start("sequence=*&suppress=everywhere");
        sandbox.faults().on("GET", SEQUENCES).status(503).times(1).arm();
        assertThat(send("unenroll", ada).getException()).isInstanceOf(TargetException.class);
        assertThat(crm.enrollments(welcome)).hasSize(1);
        assertThat(isEnrolledBy("welcome", ada)).isFalse();
        sandbox.faults()
                .on("DELETE", SEQUENCES + "/" + offer + "/contacts/" + ada)
                .status(503)
                .times(1)
                .arm();
        assertThat(send("unenroll", ada).getException()).isInstanceOf(TargetException.class);

        assertThat(send("unenroll", ada).getException()).isNull();

        assertThat(crm.enrollments(welcome)).isEmpty();
        assertThat(crm.enrollments(offer)).isEmpty();
        assertThat(isEnrolledBy("offer", ada)).isFalse();
    }

    @Test
    void the_address_of_the_mirror_is_noted_where_the_body_has_none() throws IOException {
        bridge = TestBridge.in(folder, sandbox)
                .yaml(route("unenroll", "operation=unenroll&sequence=*&suppress=everywhere"))
                .yaml(route("welcome", "operation=enroll&sequence=Welcome"))
                .route("contacts", "contacts", "", "- to: mock:contacts")
                .start();

        assertThat(send("unenroll", ada).getException()).isNull();

        String again = contact("ada@example.com");
        assertThat(isEnrolledBy("welcome", Map.of("id", again, "email", "ada@example.com")))
                .isFalse();
    }

    @Test
    void options_that_make_no_sense_are_told_before_anything_starts() {
        assertThatThrownBy(() -> start("sequence=*&suppress=everwhere"))
                .isInstanceOf(BundleException.class)
                .hasMessageContaining("suppress")
                .hasMessageContaining("everywhere");
        assertRefused(
                "operation=enroll&sequence=Welcome&suppress=everywhere", "suppress is an option of operation=unenroll");
        assertRefused("operation=pause&sequence=*&all=true", "sequence=* is for a source and for operation=unenroll");
    }

    private void assertRefused(String options, String why) {
        assertThatThrownBy(() -> TestBridge.in(folder, sandbox)
                        .yaml(route("wrong", options))
                        .start())
                .isInstanceOf(BundleException.class)
                .hasMessageContaining(why);
    }
}
