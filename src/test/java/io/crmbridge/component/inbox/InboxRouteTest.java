package io.crmbridge.component.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.BundleException;
import io.crmbridge.bundle.BundleReader;
import io.crmbridge.component.CrmConstants;
import io.crmbridge.component.TestBridge;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.state.DeadLetters.DeadLetter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code inbox:} as a target and as a source. */
@Timeout(60)
class InboxRouteTest {
    @TempDir
    private Path folder;

    private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults());
    private TestBridge bridge;

    @AfterEach
    void close() {
        if (bridge != null) {
            bridge.close();
        }
        sandbox.close();
    }

    /** A route that a test calls, which appends what it is given. */
    static String appending(String uri) {
        return """
                - route:
                    id: appending
                    from:
                      uri: direct:append
                      steps:
                        - to: "%s"
                """.formatted(uri);
    }

    /** A route on an inbox that shows what it gets at the mock of its own id. */
    static String reading(String id, String uri) {
        return """
                - route:
                    id: %s
                    from:
                      uri: "%s"
                      steps:
                        - to: mock:%s
                """.formatted(id, uri, id);
    }

    private void append(Object body) {
        bridge.camel().createProducerTemplate().sendBody("direct:append", body);
    }

    private static List<Object> emails(List<Exchange> exchanges) {
        return exchanges.stream()
                .map(exchange -> exchange.getMessage().getBody(Map.class).get("email"))
                .toList();
    }

    @Test
    void every_route_on_an_inbox_gets_each_entry_with_its_key_and_the_inbox_as_headers() throws IOException {
        bridge = TestBridge.in(folder, sandbox)
                .yaml(appending("inbox:leads?key=${body[email]}"))
                .yaml(reading("first", "inbox:leads"))
                .yaml(reading("second", "inbox:leads?batchSize=10"))
                .start();

        append(Map.of("email", "ann@example.com", "tags", List.of("a")));
        append(List.of(Map.of("email", "ben@example.com"), Map.of("email", "")));
        append("{\"email\":\"cem@example.com\"}");

        bridge.awaitDelivered("first", 4);
        bridge.awaitDelivered("second", 4);
        List<Exchange> got = bridge.mock("first").getExchanges();
        assertThat(emails(got)).containsExactly("ann@example.com", "ben@example.com", "", "cem@example.com");
        assertThat(got.get(0).getMessage().getHeaders())
                .containsEntry(CrmConstants.RECORD_ID, "ann@example.com")
                .containsEntry(CrmConstants.FEED, "leads")
                .containsEntry(CrmConstants.CHANGE, "created");
        assertThat(got.get(2).getMessage().getHeader(CrmConstants.RECORD_ID))
                .isEqualTo(got.get(2).getMessage().getHeader(CrmConstants.VERSION))
                .asString()
                .hasSize(36);
        assertThat(bridge.mock("second").getExchanges().stream()
                        .mapToInt(e -> e.getMessage().getBody(List.class).size())
                        .sum())
                .isEqualTo(4);
    }

    @Test
    void a_route_with_a_schedule_gets_what_waits_in_one_batch_when_it_fires() throws IOException {
        bridge = TestBridge.in(folder, sandbox)
                .yaml(appending("inbox:leads"))
                .yaml(reading("each-second", "inbox:leads?cron=*+*+*+*+*+?&batchSize=10"))
                .yaml(reading("never", "inbox:leads?cron=0+0+0+29+2+?&batchSize=10"))
                .start();

        append(List.of(Map.of("email", "ann@example.com"), Map.of("email", "ben@example.com")));

        bridge.awaitDelivered("each-second", 2);
        assertThat(bridge.mock("each-second").getExchanges())
                .singleElement()
                .satisfies(batch ->
                        assertThat(batch.getMessage().getBody(List.class)).hasSize(2));
        assertThat(bridge.mock("never").getExchanges()).isEmpty();
    }

    @Test
    void an_entry_whose_key_is_known_is_not_appended_again_also_after_a_restart() throws IOException {
        TestBridge.Draft draft = TestBridge.in(folder, sandbox)
                .yaml(appending("inbox:leads?key=${body[email]}"))
                .yaml(reading("first", "inbox:leads"));
        bridge = draft.start();
        append(Map.of("email", "ann@example.com"));
        append(Map.of("email", "ann@example.com"));
        bridge.awaitDelivered("first", 1);
        bridge.close();

        bridge = draft.start();
        append(Map.of("email", "ann@example.com"));
        append(Map.of("email", "ben@example.com"));

        bridge.awaitDelivered("first", 2);
        assertThat(emails(bridge.mock("first").getExchanges())).containsExactly("ben@example.com");
    }

    @Test
    void a_change_that_is_delivered_again_is_appended_once() throws IOException {
        AtomicInteger tries = new AtomicInteger();
        bridge = TestBridge.in(folder, sandbox)
                .route("deals", "deals", "retry.delay=10ms", "- to: inbox:won\n- to: mock:later\n")
                .yaml(reading("first", "inbox:won"))
                .start()
                .at("later", exchange -> {
                    if (tries.incrementAndGet() < 3) {
                        throw new IOException("not yet");
                    }
                });

        bridge.create("deals", Map.of("name", "One"));
        bridge.create("deals", Map.of("name", "Two"));
        bridge.awaitDelivered("deals", 2);
        bridge.awaitDelivered("first", 2);

        assertThat(tries).hasValueGreaterThanOrEqualTo(4);
        assertThat(bridge.store().inboxes().tallies()).singleElement().satisfies(tally -> {
            assertThat(tally.accepted()).isEqualTo(2);
            assertThat(tally.duplicates()).isEqualTo(2);
        });
    }

    @Test
    void what_was_appended_while_no_route_was_on_the_inbox_is_delivered_to_the_one_that_comes() throws IOException {
        bridge = TestBridge.in(folder, sandbox).yaml(appending("inbox:leads")).start();
        append(Map.of("email", "early@example.com"));
        bridge.close();

        bridge = TestBridge.in(folder, sandbox)
                .yaml(reading("late", "inbox:leads"))
                .yaml(reading("fresh", "inbox:leads?startFrom=now"))
                .start();

        bridge.awaitDelivered("late", 1);
        assertThat(emails(bridge.mock("late").getExchanges())).containsExactly("early@example.com");
        assertThat(bridge.route("fresh").waiting()).isZero();
        assertThat(bridge.route("fresh").delivered()).isZero();
    }

    @Test
    void a_failing_route_parks_and_goes_on_and_a_dead_letter_can_be_replayed() throws IOException {
        AtomicBoolean well = new AtomicBoolean();
        AtomicInteger passing = new AtomicInteger();
        bridge = TestBridge.in(folder, sandbox)
                .yaml(appending("inbox:leads"))
                .yaml(reading("first", "inbox:leads?retry.delay=10ms"))
                .start()
                .at("first", exchange -> {
                    String email = exchange.getMessage()
                            .getBody(Map.class)
                            .get("email")
                            .toString();
                    if (email.startsWith("passing") && passing.incrementAndGet() < 3) {
                        throw new IOException("down");
                    }
                    if (email.startsWith("bad") && !well.get()) {
                        throw new IllegalArgumentException("cannot be");
                    }
                });

        append(Map.of("email", "passing@example.com"));
        append(Map.of("email", "bad@example.com"));
        append(Map.of("email", "good@example.com"));
        bridge.awaitDelivered("first", 2);
        bridge.awaitDead("first", 1);
        assertThat(passing).hasValue(3);

        well.set(true);
        List<DeadLetter> dead = bridge.store().deadLetters().list(false);
        assertThat(dead).singleElement();
        bridge.store().deadLetters().replay(dead.get(0).id());
        bridge.reloadParked("first");
        bridge.awaitDelivered("first", 3);
        bridge.awaitDead("first", 0);
    }

    @Test
    void what_breaks_the_schema_is_appended_by_no_route_and_says_where_but_not_what() throws IOException {
        bridge = TestBridge.in(folder, sandbox)
                .schema("leads", """
                        {"type": "object", "required": ["email"],
                         "properties": {"email": {"type": "string", "format": "email"}}}""")
                .route("deals", "deals", "", "- to: inbox:leads\n")
                .yaml(reading("first", "inbox:leads"))
                .start();

        bridge.create("deals", Map.of("name", "One", "email", "s3cret-and-no-address"));
        bridge.awaitDead("deals", 1);

        assertThat(bridge.store().deadLetters().list(false))
                .singleElement()
                .satisfies(dead -> assertThat(dead.reason())
                        .contains("inbox leads", "entry 1", "/email", "is no email")
                        .doesNotContain("s3cret"));
        assertThat(bridge.store().inboxes().tallies()).isEmpty();
    }

    @Test
    void what_is_wrong_with_an_inbox_is_told_before_anything_starts() {
        assertWrong(TestBridge.in(folder.resolve("1"), sandbox).yaml("""
                - from:
                    uri: inbox:leads
                    steps:
                      - to: mock:x
                """), "a route on inbox:leads needs an id");
        assertWrong(
                TestBridge.in(folder.resolve("2"), sandbox).yaml(reading("a", "inbox:leads?startFrom=mirror")),
                "startFrom \"mirror\" does not exist");
        assertWrong(
                TestBridge.in(folder.resolve("3"), sandbox).yaml(reading("a", "inbox:leads?key=${body[id]}")),
                "key is an option of a to: step");
        assertWrong(
                TestBridge.in(folder.resolve("4"), sandbox).yaml(appending("inbox:leads?key=email")),
                "key=email looks at no field");
        assertWrong(
                TestBridge.in(folder.resolve("5"), sandbox)
                        .schema("leads", "{\"type\": \"strnig\"}")
                        .yaml(reading("a", "inbox:leads")),
                "schemas/leads.schema.json:1:1: ");
        assertWrong(
                TestBridge.in(folder.resolve("6"), sandbox)
                        .schema("leads", "{\"$ref\": \"https://schemas.example.com/lead.json\"}")
                        .yaml(reading("a", "inbox:leads")),
                "schemas/leads.schema.json:1:1: ");
        assertWrong(
                TestBridge.in(folder.resolve("7"), sandbox)
                        .set("bridge.inbox.leads.signature", "github")
                        .yaml(reading("a", "inbox:leads")),
                "needs bridge.inbox.leads.secret");
        assertWrong(
                TestBridge.in(folder.resolve("8"), sandbox)
                        .set("bridge.inbox.leads.cors", "https://*.example.com")
                        .yaml(reading("a", "inbox:leads")),
                "bridge.inbox.leads.cors holds no origin");
        assertWrong(
                TestBridge.in(folder.resolve("9"), sandbox)
                        .set("bridge.inbox.leads.max-body", "1GB")
                        .yaml(reading("a", "inbox:leads")),
                "bridge.inbox.leads.max-body=1GB is no size");
        assertWrong(
                TestBridge.in(folder.resolve("10"), sandbox)
                        .route("deals", "deals", "", "- to: inbox:leads\n- to: inbox:leads\n"),
                "two steps to inbox:leads without an id");
    }

    @Test
    void what_is_wrong_with_a_signature_or_a_format_is_told_before_anything_starts() {
        String prefix = "bridge.inbox.leads.";
        assertWrong(
                draft("1").set(prefix + "signature", "highlevel").set(prefix + "secret", "x"),
                "bridge.inbox.leads.secret is of no use with bridge.inbox.leads.signature=highlevel");
        assertWrong(
                draft("2").set(prefix + "signature", "highlevel").set(prefix + "public-key", "x"),
                "bridge.inbox.leads.public-key is no public key");
        assertWrong(
                draft("3").set(prefix + "public-key", "MCowBQYDK2VwAyEAi2HR1srL4o18O8BRa7gVJY7G7bupbN3H9AwJrHCDiOg="),
                "bridge.inbox.leads.public-key is only for bridge.inbox.leads.signature=highlevel or custom");
        assertWrong(
                draft("4").set(prefix + "signature", "highlevle"), "bridge.inbox.leads.signature=highlevle is none of");
        assertWrong(
                TestBridge.in(folder.resolve("5"), sandbox).yaml(appending("inbox:leads?format=csw")),
                "did you mean \"csv\"?");
        assertWrong(
                TestBridge.in(folder.resolve("6"), sandbox).yaml(appending("inbox:leads?fromat=csv")),
                "did you mean \"format\"?");
        assertWrong(
                TestBridge.in(folder.resolve("7"), sandbox).yaml(reading("a", "inbox:leads?format=csv")),
                "format is an option of a to: step");
        assertWrong(
                TestBridge.in(folder.resolve("8"), sandbox).yaml("""
                - route:
                    id: mails
                    from:
                      uri: imaps:imap.example.com
                      steps:
                        - to: { uri: "inbox:leads", parameters: { format: mail } }
                """),
                "imaps:imap.example.com needs mapMailMessage=false before a step to inbox:leads with format=mail");
    }

    private TestBridge.Draft draft(String name) {
        return TestBridge.in(folder.resolve(name), sandbox).yaml(reading("a", "inbox:leads"));
    }

    @Test
    void an_inbox_that_nobody_reads_and_keys_of_one_that_is_not_there_draw_a_warning() throws IOException {
        bridge = TestBridge.in(folder, sandbox)
                .set("bridge.inbox.leds.rate", "5")
                .yaml(appending("inbox:leads"))
                .yaml(reading("other", "inbox:other"))
                .start();

        assertThat(BundleReader.read(Bundle.at(folder.resolve("bundle"), Map.of()), Map.of())
                        .warnings())
                .extracting(Object::toString)
                .anySatisfy(warning ->
                        assertThat(warning).contains("no route reads inbox:leads, which route appending fills"))
                .anySatisfy(warning ->
                        assertThat(warning).contains("bridge.inbox.leds.*").contains("did you mean \"leads\"?"))
                .noneSatisfy(warning -> assertThat(warning).contains("inbox:other"));
    }

    private void assertWrong(TestBridge.Draft draft, String what) {
        assertThatThrownBy(draft::start)
                .isInstanceOfSatisfying(
                        BundleException.class,
                        e -> assertThat(e.findings())
                                .anySatisfy(finding ->
                                        assertThat(finding.toString()).contains(what)));
    }
}
