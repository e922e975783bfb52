package io.crmbridge.component.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.crmbridge.bundle.BundleException;
import io.crmbridge.component.TestBridge;
import io.crmbridge.feed.EffectKeys;
import io.crmbridge.sandbox.Mail;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.state.DeadLetters.DeadLetter;
import jakarta.mail.BodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Mails as they arrive at a mail server, and what a route makes of a server that refuses. */
@Timeout(60)
class MailTest {
    private static final String MAIL = "- to: template:deal\n- to: \"smtp:office?to=sales@example.com\"";

    @TempDir
    private Path folder;

    private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults());
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private TestBridge bridge;

    MailTest() {
        logged.start();
        root().addAppender(logged);
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    }

    @AfterEach
    void stop() {
        if (bridge != null) {
            bridge.close();
        }
        sandbox.close();
        root().detachAppender(logged);
    }

    private TestBridge.Draft bundle() {
        return TestBridge.in(folder, sandbox)
                .mail("office")
                .template("deal.txt", "Subject: Won: {{name}}\nDeal {{name}}");
    }

    private TestBridge.Draft deals(String steps) {
        return bundle().route("deals", "deals", "retry.delay=10ms", steps);
    }

    private List<Mail> mails() {
        return sandbox.mailbox().mails();
    }

    private Mail sent(TestBridge.Draft draft, Map<String, Object> record) throws IOException {
        bridge = draft.start();
        bridge.create("deals", record);
        bridge.awaitDelivered("deals", 1);
        assertThat(mails()).hasSize(1);
        return mails().get(0);
    }

    private DeadLetter dead(TestBridge.Draft draft, Map<String, Object> record) throws IOException {
        bridge = draft.start();
        bridge.create("deals", record);
        bridge.awaitDead("deals", 1);
        return bridge.store().deadLetters().list(false).get(0);
    }

    private void assertNotLogged(String... data) {
        assertThat(List.copyOf(logged.list))
                .extracting(event -> event.getFormattedMessage()
                        + (event.getThrowableProxy() == null
                                ? ""
                                : ThrowableProxyUtil.asString(event.getThrowableProxy())))
                .noneMatch(line -> List.of(data).stream().anyMatch(line::contains));
    }

    private static MimeMessage parsed(Mail mail) throws Exception {
        return new MimeMessage(null, new ByteArrayInputStream(mail.raw()));
    }

    @Test
    void a_template_and_a_mail_server_are_all_that_a_route_needs() throws Exception {
        Mail mail = sent(
                deals(MAIL)
                        .template("deal.txt", "Deal {{name}}")
                        .template("deal.html", "Subject: Won: {{name}}\n\n<p>Deal {{name}}</p>"),
                Map.of("name", "Grüße & <b>"));

        assertThat(mail.subject()).isEqualTo("Won: Grüße & <b>");
        assertThat(mail.from()).isEqualTo("CRM <crm@example.com>");
        assertThat(mail.recipients()).containsExactly("sales@example.com");
        MimeMessage parsed = parsed(mail);
        assertThat(parsed.getSentDate()).isCloseTo(new java.util.Date(), 60_000);
        MimeMultipart texts = (MimeMultipart) parsed.getContent();
        assertThat(texts.getContentType()).startsWith("multipart/alternative");
        assertThat(texts.getBodyPart(0).getContentType()).isEqualToIgnoringCase("text/plain; charset=UTF-8");
        assertThat(texts.getBodyPart(0).getContent()).isEqualTo("Deal Grüße & <b>");
        assertThat(texts.getBodyPart(1).getContentType()).isEqualToIgnoringCase("text/html; charset=UTF-8");
        assertThat(texts.getBodyPart(1).getContent()).isEqualTo("<p>Deal Grüße &amp; &lt;b&gt;</p>");
        assertThat(texts.getCount()).isEqualTo(2);
    }

    @Test
    void a_plain_text_is_sent_in_utf_8_without_parts() throws Exception {
        Mail mail = sent(deals(MAIL), Map.of("name", "Łódź ✓"));

        assertThat(parsed(mail).getContentType()).isEqualToIgnoringCase("text/plain; charset=UTF-8");
        assertThat(mail.text().strip()).isEqualTo("Deal Łódź ✓");
        assertThat(mail.attachments()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"🎉 party 🎊", "صفقة رابحة", "עסקה \u202Bזכתה\u202C", "  "})
    void a_subject_in_any_script_arrives_as_it_was_written(String name) throws Exception {
        Mail mail = sent(deals(MAIL), Map.of("name", name));

        assertThat(parsed(mail).getSubject()).isEqualTo(("Won: " + name).strip());
    }

    @Test
    void a_table_is_attached_beside_both_texts() throws Exception {
        bridge = bundle().template("deal.html", "<ul>{{#.}}<li>{{name}}</li>{{/.}}</ul>")
                .template("deal.txt", "Subject: {{body.0.name}}\n{{#.}}{{name}} {{/.}}")
                .route(
                        "deals",
                        "deals",
                        "startFrom=mirror&batchSize=10",
                        "- to: \"export:won/deals-{date}.csv?columns=name,amount&as=attachment\"\n" + MAIL)
                .start();
        sandbox.workspace().create("deals", Map.of("name", "=Grüße, \"x\"", "amount", 5));
        bridge.poll("deals");
        bridge.awaitDelivered("deals", 1);

        Mail mail = mails().get(0);
        assertThat(mail.html()).isEqualTo("<ul><li>&#x3D;Grüße, &quot;x&quot;</li></ul>");
        assertThat(mail.text()).isEqualTo("=Grüße, \"x\" ");
        MimeMultipart parts = (MimeMultipart) parsed(mail).getContent();
        assertThat(parts.getContentType()).startsWith("multipart/mixed");
        assertThat(parts.getBodyPart(0).getContentType()).startsWith("multipart/alternative");
        BodyPart table = parts.getBodyPart(1);
        assertThat(table.getFileName()).matches("deals-\\d{4}-\\d\\d-\\d\\d\\.csv");
        assertThat(table.getContentType()).startsWith("text/csv");
        assertThat(new String(table.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("name,amount\r\n\"'=Grüße, \"\"x\"\"\",5\r\n");
        assertThat(folder.resolve("exports")).doesNotExist();
    }

    @Test
    void a_table_is_the_body() throws Exception {
        Mail mail = sent(
                deals(
                        "- to: \"export:deals.ndjson?columns=name&as=body\"\n- to: \"smtp:office?to=a@example.com&subject=Table\""),
                Map.of("name", "Grüße"));

        assertThat(mail.subject()).isEqualTo("Table");
        assertThat(parsed(mail).getContentType()).startsWith("application/x-ndjson");
        assertThat(new String(mail.attachments().get(0).content(), StandardCharsets.UTF_8).strip())
                .isEqualTo("{\"name\":\"Grüße\"}");
    }

    @ParameterizedTest
    @ValueSource(ints = {421, 450, 451, 452})
    void a_passing_refusal_is_tried_again_with_the_same_message_id(int reply) throws IOException {
        sandbox.mailbox().refuseRecipient("sales@example.com", reply, 2);
        bridge = deals(
                        "- to: template:deal\n- to:\n    id: tell\n    uri: \"smtp:office?to=sales@example.com\"\n- to: mock:out")
                .start();

        bridge.create("deals", Map.of("name", "one"));
        bridge.awaitDelivered("deals", 1);
        bridge.create("deals", Map.of("name", "two"));
        bridge.awaitDelivered("deals", 2);

        assertThat(bridge.mock("out").getExchanges()).hasSize(2);
        assertThat(mails())
                .extracting(Mail::messageId)
                .containsExactlyElementsOf(bridge.mock("out").getExchanges().stream()
                        .map(exchange -> exchange.getMessage().getHeader("CamelCrmIdempotencyKey", String.class))
                        .map(base -> "<" + EffectKeys.effect(base, "tell", -1) + "@crm-bridge>")
                        .toList());
    }

    @Test
    void the_message_id_is_the_same_when_the_server_took_the_mail_and_the_answer_was_lost() throws IOException {
        AtomicInteger tries = new AtomicInteger();
        bridge = deals(
                        "- doTry:\n    steps:\n      - to: \"smtp:office?to=a@example.com\"\n    doFinally:\n      steps:\n        - to: mock:after")
                .start()
                .at("after", exchange -> {
                    if (tries.incrementAndGet() == 1) {
                        throw new ConnectException("as after a kill");
                    }
                });
        bridge.create("deals", Map.of("name", "one"));
        bridge.awaitDelivered("deals", 1);

        assertThat(tries).hasValue(2);
        assertThat(mails()).as("what was done is not repeated").hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 552, 554})
    void a_permanent_refusal_is_a_dead_letter_at_once(int reply) throws IOException {
        sandbox.mailbox().refuse(reply, 9);

        DeadLetter letter = dead(deals(MAIL), Map.of("name", "one"));

        assertThat(letter.attempts()).isEqualTo(1);
        assertThat(letter.reason()).startsWith("mail office: the server answered " + reply);
    }

    @Test
    void a_route_may_count_a_reply_otherwise() throws IOException {
        sandbox.mailbox().refuse(554, 1);
        bridge = bundle().route("deals", "deals", "retry.delay=10ms&retry.passing=554", MAIL)
                .start();

        bridge.create("deals", Map.of("name", "one"));
        bridge.awaitDelivered("deals", 1);

        assertThat(mails()).hasSize(1);
    }

    @Test
    void a_login_that_is_refused_pauses_the_route_with_an_alarm() throws IOException {
        sandbox.mailbox().requireLogin("crm", "right");
        bridge = deals(MAIL)
                .set("bridge.mail.office.username", "crm")
                .set("bridge.mail.office.password", "wr0ng-s3cret")
                .set("bridge.mail.office.starttls", "never")
                .start();

        bridge.create("deals", Map.of("name", "one"));
        bridge.awaitState("deals", "ALARM");

        assertThat(bridge.route("deals").dead()).isZero();
        assertThat(bridge.route("deals").reason())
                .contains("refused the login with 535", "bridge.mail.office.username and .password");
        assertThat(mails()).isEmpty();
        assertThat(bridge.camel().getEndpoints())
                .noneMatch(endpoint -> endpoint.getEndpointUri().contains("s3cret"));
        assertNotLogged("s3cret");
    }

    @Test
    void a_login_goes_only_over_an_encrypted_connection_unless_that_is_allowed() throws IOException {
        sandbox.mailbox().requireLogin("crm", "right");
        bridge = deals(MAIL)
                .set("bridge.mail.office.username", "crm")
                .set("bridge.mail.office.password", "right")
                .start();

        bridge.create("deals", Map.of("name", "one"));
        bridge.awaitState("deals", "ALARM");

        assertThat(bridge.route("deals").reason())
                .contains("no STARTTLS", "bridge.mail.office.starttls=offered", "smtps:");
        assertThat(mails()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "smtp:office?to=a@example.com, required, bridge.mail.office.starttls=offered",
        "smtp:office?to=a@example.com&mail.smtp.starttls.required=true, offered, no STARTTLS",
        "smtp:127.0.0.1:{port}?to=a@example.com&from=b@example.com&mail.smtp.starttls.required=true, offered,"
                + " mail.smtp.starttls.required=false",
    })
    void starttls_is_required_where_a_key_or_an_option_says_so(String uri, String key, String hint) throws IOException {
        bridge = deals("- to: \"" + uri.replace("{port}", "" + sandbox.mailbox().port()) + "\"")
                .set("bridge.mail.office.starttls", key)
                .start();

        bridge.create("deals", Map.of("name", "one"));
        bridge.awaitState("deals", "ALARM");

        assertThat(bridge.route("deals").reason()).contains("must be encrypted", hint);
        assertThat(mails()).isEmpty();
    }

    @Test
    void a_server_that_stops_answering_is_given_up_after_the_timeout_and_tried_again() throws IOException {
        sandbox.mailbox().stopAnswering();
        bridge = deals(MAIL).set("bridge.mail.office.timeout", "200ms").start();
        bridge.create("deals", Map.of("name", "one"));
        await().atMost(Duration.ofSeconds(10)).until(() -> bridge.route("deals").parked() == 1);

        sandbox.mailbox().clearFaults();
        bridge.awaitDelivered("deals", 1);

        assertThat(mails()).hasSize(1);
    }

    @Test
    void an_hour_without_the_server_loses_no_mail_and_sends_none_twice() throws IOException {
        HandTimer time = new HandTimer();
        sandbox.mailbox().stop();
        bridge = bundle().route("deals", "deals", "", MAIL).start(time, time);
        for (int i = 0; i < 5; i++) {
            sandbox.workspace().create("deals", Map.of("name", "deal " + i));
        }
        bridge.poll("deals");
        java.time.Instant begun = time.instant();
        await("an hour of tries").pollInterval(Duration.ofMillis(5)).until(() -> {
            time.advance(Duration.ofSeconds(20));
            return !time.instant().isBefore(begun.plus(Duration.ofHours(1)));
        });
        assertThat(bridge.route("deals").dead()).isZero();
        assertThat(bridge.route("deals").delivered()).isZero();
        assertThat(bridge.route("deals").reason()).contains("mail office: no connection to 127.0.0.1");

        sandbox.mailbox().restart();
        await("all mails").pollInterval(Duration.ofMillis(5)).until(() -> {
            time.advance(Duration.ofSeconds(20));
            return bridge.route("deals").delivered() == 5;
        });

        assertThat(mails())
                .extracting(Mail::subject)
                .containsExactlyInAnyOrder("Won: deal 0", "Won: deal 1", "Won: deal 2", "Won: deal 3", "Won: deal 4");
    }

    @Test
    void one_mail_goes_to_five_hundred_recipients_once() throws IOException {
        String to =
                IntStream.range(0, 500).mapToObj(i -> "p" + i + "@example.com").collect(Collectors.joining(","));

        Mail mail = sent(deals(MAIL.replace("sales@example.com", to)), Map.of("name", "one"));

        assertThat(mail.recipients()).hasSize(500).doesNotHaveDuplicates();
    }

    @Test
    void who_accepted_a_mail_does_not_get_it_again_when_another_recipient_is_tried_again() throws IOException {
        sandbox.mailbox().refuseRecipient("b@example.com", 450, 3);
        bridge = deals(MAIL.replace("sales@example.com", "a@example.com,b@example.com,C@example.com"))
                .start();

        bridge.create("deals", Map.of("name", "one"));
        bridge.awaitDelivered("deals", 1);

        assertThat(mails()).hasSize(2);
        assertThat(mails())
                .extracting(Mail::recipients)
                .containsExactly(List.of("C@example.com", "a@example.com"), List.of("b@example.com"));
        assertThat(mails().get(1).messageId()).isEqualTo(mails().get(0).messageId());
        assertThat(mails().get(1).to()).as("what a reader sees").hasSize(3);
    }

    @Test
    void a_recipient_that_is_refused_for_good_is_a_dead_letter_and_a_replay_mails_nobody_else() throws IOException {
        sandbox.mailbox().refuseRecipient("jane.roe@gone.example", 550, 1);
        DeadLetter letter = dead(
                deals(MAIL.replace("sales@example.com", "a@example.com,jane.roe@gone.example,b@example.com")),
                Map.of("name", "one"));
        assertThat(letter.attempts()).isEqualTo(1);
        assertThat(letter.reason())
                .contains("550 to 1 of 3 recipients (gone.example)", "the others have the mail")
                .doesNotContain("jane");

        bridge.store().deadLetters().replay(letter.id());
        bridge.close();
        bridge = deals(MAIL.replace("sales@example.com", "a@example.com,jane.roe@gone.example,b@example.com"))
                .start();
        bridge.awaitDelivered("deals", 1);

        assertThat(mails())
                .extracting(Mail::recipients)
                .containsExactly(List.of("a@example.com", "b@example.com"), List.of("jane.roe@gone.example"));
        assertNotLogged("jane.roe");
    }

    @Test
    void an_effect_that_is_done_is_not_repeated_after_a_later_step_failed() throws IOException {
        AtomicInteger tries = new AtomicInteger();
        bridge = deals(MAIL + "\n- to: mock:later").start().at("later", exchange -> {
            if (tries.incrementAndGet() < 3) {
                throw new ConnectException("down");
            }
        });

        bridge.create("deals", Map.of("name", "one"));
        bridge.awaitDelivered("deals", 1);

        assertThat(tries).hasValue(3);
        assertThat(mails()).hasSize(1);
    }

    @Test
    void two_mails_of_one_route_have_ids_of_their_own_and_both_texts() throws IOException {
        bridge = deals(MAIL + "\n- to:\n    id: other\n    uri: \"smtp:office?to=other@example.com\"")
                .template("deal.html", "<p>{{name}}</p>")
                .start();

        bridge.create("deals", Map.of("name", "one"));
        bridge.awaitDelivered("deals", 1);

        assertThat(mails()).hasSize(2);
        assertThat(mails()).extracting(Mail::messageId).doesNotHaveDuplicates();
        assertThat(mails()).extracting(mail -> mail.text().strip()).containsOnly("Deal one");
        assertThat(mails()).extracting(mail -> mail.html().strip()).containsOnly("<p>one</p>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\nBcc: evil@example.net", "\nBcc: evil@example.net", "\r\n\r\nBcc: evil@example.net"})
    void a_line_break_in_a_record_makes_no_header_field(String injected) throws Exception {
        bridge = deals("""
                - setHeader:
                    name: Subject
                    expression:
                      simple:
                        expression: "${body[name]}"
                - to: template:deal
                - to: "smtp:office?to=jane@example.com"
                - removeHeader:
                    name: CamelCrmSubject
                - to:
                    id: by-header
                    uri: "smtp:office?to=jane@example.com&useHeaderSubject=true"
                - toD:
                    id: by-expression
                    uri: "smtp:office?to=jane@example.com&subject=${header.Subject}"
                """).start();

        bridge.create("deals", Map.of("name", "Deal" + injected));
        bridge.awaitDelivered("deals", 1);

        assertThat(mails()).hasSize(3).allSatisfy(mail -> {
            assertThat(mail.recipients()).containsExactly("jane@example.com");
            assertThat(mail.subject()).contains("Deal", "evil");
            assertThat(parsed(mail).getHeader("Bcc")).isNull();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "Jane\\nRoe, 1",
        "Jane\\r\\nBcc: evil@example.net, 0",
        "'Roe, Jane', 0",
        "'evil@example.net, Jane', 0",
        "'evil@example.net; Jane', 0",
        "'\", evil@example.net, \"', 1",
        "'\"\", evil@example.net, Jane', 0",
        "'\", evil@example.net', 0",
    })
    void a_name_beside_an_address_adds_no_header_field_and_no_recipient(String escaped, int sent) throws Exception {
        String name = escaped.replace("\\r", "\r").replace("\\n", "\n");
        bridge = deals("""
                - setHeader:
                    name: To
                    expression:
                      simple:
                        expression: "${body[name]} <jane@example.com>"
                - to: smtp:office
                """).start();

        bridge.create("deals", Map.of("name", name));
        await().until(() ->
                bridge.route("deals").delivered() + bridge.route("deals").dead() == 1);

        assertThat(mails()).hasSize(sent).allSatisfy(mail -> {
            assertThat(mail.recipients()).containsExactly("jane@example.com");
            assertThat(parsed(mail).getHeader("Bcc")).isNull();
        });
    }

    @Test
    void an_address_that_is_none_is_a_dead_letter_without_it() throws IOException {
        DeadLetter letter = dead(deals("""
                        - setHeader:
                            name: To
                            expression:
                              simple:
                                expression: "${body[email]}"
                        - to: smtp:office
                        """), Map.of("email", "jane roe at example"));

        assertThat(letter.attempts()).isEqualTo(1);
        assertThat(letter.reason()).contains("no mail address").doesNotContain("jane");
        assertNotLogged("jane roe");
    }

    @Test
    void a_mail_without_a_recipient_is_a_dead_letter_that_says_what_to_set() throws IOException {
        DeadLetter letter = dead(deals("- to: smtp:office"), Map.of("name", "one"));

        assertThat(letter.reason()).contains("there is no recipient", "header To");
    }

    @Test
    void headers_name_the_recipients_only_where_the_route_names_none() throws IOException {
        bridge = deals("""
                - setHeader:
                    name: To
                    expression:
                      simple:
                        expression: "${body[email]}"
                - to:
                    id: fixed
                    uri: "smtp:office?to=fixed@example.com"
                - to: smtp:office
                - to: smtp:team
                """)
                .mail("team")
                .set("bridge.mail.team.to", "team@example.com; lead@example.com")
                .start();

        bridge.create("deals", Map.of("email", "jane@example.com"));
        bridge.awaitDelivered("deals", 1);

        assertThat(mails())
                .extracting(Mail::recipients)
                .containsExactly(
                        List.of("fixed@example.com"),
                        List.of("jane@example.com"),
                        List.of("lead@example.com", "team@example.com"));
    }

    @Test
    void no_header_leaves_but_those_of_mail() throws Exception {
        Mail mail = sent(deals("""
                        - setHeader:
                            name: Set-Cookie
                            expression:
                              constant:
                                expression: session=1
                        - setHeader:
                            name: Auto-Submitted
                            expression:
                              constant:
                                expression: auto-generated
                        """ + MAIL), Map.of("name", "one"));

        MimeMessage parsed = parsed(mail);
        assertThat(parsed.getHeader("Set-Cookie")).isNull();
        assertThat(parsed.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(java.util.Collections.list(parsed.getAllHeaders()))
                .extracting(jakarta.mail.Header::getName)
                .noneMatch(name -> name.toLowerCase(java.util.Locale.ROOT).contains("crm"));
    }

    @Test
    void a_mail_outside_of_a_feed_has_an_id_of_its_own() throws IOException {
        bridge = bundle().yaml("""
                - route:
                    id: direct
                    from:
                      uri: direct:mail
                      steps:
                        - to:
                            uri: smtp:office
                            parameters:
                              to: a@example.com
                """).start();

        for (int i = 0; i < 2; i++) {
            bridge.camel().createProducerTemplate().sendBody("direct:mail", "x");
        }

        assertThat(mails())
                .extracting(Mail::messageId)
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("<[0-9a-f-]{36}@crm-bridge>"));
    }

    @Test
    void a_route_stays_off_until_its_server_is_set() throws IOException {
        bridge = TestBridge.in(folder, sandbox)
                .set("bridge.mail.office.host", "")
                .set("bridge.mail.office.to", "")
                .route("deals", "deals", "", "- to: smtp:office")
                .start();

        assertThat(bridge.route("deals").state()).isEqualTo("OFF");
        assertThat(bridge.route("deals").reason())
                .contains("set bridge.mail.office.host, bridge.mail.office.from, bridge.mail.office.to");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "smtp:office?too=a@example.com | x=y | routes/r01.yaml:6:28: smtp: has no option \"too\"",
                "smtp:office?to=nobody at all | x=y | routes/r01.yaml:6:31: smtp:office: to is no mail address",
                "smtp:mail.example.com?to=a@example.com | x=y | routes/r01.yaml:6:16: smtp:mail.example.com: a mail needs a"
                        + " sender",
                "smtp:office?to=a@example.com | bridge.mail.office.starttls=require | application.properties:4:1:"
                        + " bridge.mail.office.starttls=require is none of required, offered, never: did you mean \"required\"?",
                "smtp:office?to=a@example.com | bridge.mail.office.port=smtp | application.properties:4:1:"
                        + " bridge.mail.office.port=smtp is no port",
                "smtp:office?to=a@example.com | bridge.mail.office.hots=x | application.properties:4:1: no key"
                        + " bridge.mail.office.hots: did you mean \"bridge.mail.office.host\"?",
                "export:deals.csv?as=atachment | x=y | routes/r01.yaml:6:36: as=atachment is none of file, body, attachment: did"
                        + " you mean \"attachment\"?",
            })
    void what_cannot_work_is_told_when_the_bundle_is_read(String uri, String property, String finding) {
        String[] set = property.split("=");

        assertThatThrownBy(() -> bundle().set(set[0], set[1])
                        .route("deals", "deals", "", "- to: \"" + uri + "\"")
                        .start())
                .isInstanceOf(BundleException.class)
                .hasMessageStartingWith(finding)
                .satisfies(e -> assertThat(((BundleException) e).findings()).hasSize(1));
    }
}
