package io.crmbridge.component.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.crmbridge.bundle.BundleException;
import io.crmbridge.component.TestBridge;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

@Timeout(60)
class TemplateTest {
    private static final String STEPS = "- to: template:deal\n- to: mock:out";

    @TempDir
    private Path folder;

    private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults());
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private TestBridge bridge;

    TemplateTest() {
        logged.start();
        ((Logger) LoggerFactory.getLogger(Rendering.class)).addAppender(logged);
    }

    @AfterEach
    void stop() {
        ((Logger) LoggerFactory.getLogger(Rendering.class)).detachAppender(logged);
        if (bridge != null) {
            bridge.close();
        }
        sandbox.close();
    }

    private TestBridge.Draft bundle() {
        return TestBridge.in(folder, sandbox);
    }

    private Message rendered(TestBridge.Draft bundle, String options, String stepsBefore, Map<String, Object> record)
            throws IOException {
        bridge = bundle.route("deals", "deals", options, stepsBefore + STEPS).start();
        bridge.create("deals", record);
        bridge.awaitDelivered("deals", 1);
        return bridge.mock("out").getExchanges().get(0).getMessage();
    }

    private String text(String template, Map<String, Object> record) throws IOException {
        return rendered(bundle().template("deal.txt", template), "", "", record).getBody(String.class);
    }

    @Test
    void both_files_make_html_with_a_plain_text_alternative_and_a_subject() throws IOException {
        Message message = rendered(
                bundle().template("deal.html", "Subject: Won: {{name}}\n\n<p>{{name}}</p>\n")
                        .template("deal.txt", "It is {{name}}."),
                "",
                "",
                Map.of("name", "Tom & <Jerry>"));

        assertThat(message.getBody()).isEqualTo("<p>Tom &amp; &lt;Jerry&gt;</p>\n");
        assertThat(message.getHeaders())
                .containsEntry("CamelCrmSubject", "Won: Tom & <Jerry>")
                .containsEntry("CamelMailAlternativeBody", "It is Tom & <Jerry>.")
                .containsEntry("Content-Type", "text/html; charset=UTF-8");
    }

    @Test
    void a_text_alone_is_plain_text_without_an_alternative() throws IOException {
        Message message = rendered(
                bundle().template("deal.txt", "Subject: {{name}}\nDear {{name}}"), "", "", Map.of("name", "A & B"));

        assertThat(message.getBody()).isEqualTo("Dear A & B");
        assertThat(message.getHeaders())
                .containsEntry("CamelCrmSubject", "A & B")
                .containsEntry("Content-Type", "text/plain; charset=UTF-8")
                .doesNotContainKey("CamelMailAlternativeBody");
    }

    @Test
    void a_template_without_a_subject_or_an_alternative_removes_those_of_an_earlier_one() throws IOException {
        Message message = rendered(
                bundle().template("first.html", "Subject: first\nx")
                        .template("first.txt", "y")
                        .template("deal.txt", "z"),
                "",
                "- to: template:first\n",
                Map.of("name", "one"));

        assertThat(message.getHeaders()).doesNotContainKeys("CamelCrmSubject", "CamelMailAlternativeBody");
    }

    @ParameterizedTest
    @CsvSource({"a\\r\\nBcc: x@example.com", "a\\nBcc: x@example.com", "a\\u2028Bcc: x@example.com", "a\\u0000\\u0085b"
    })
    void a_line_break_in_a_record_cannot_leave_the_subject(String escaped) throws IOException {
        String name = escaped.replace("\\r", "\r")
                .replace("\\n", "\n")
                .replace("\\u2028", "\u2028")
                .replace("\\u0000", "\u0000")
                .replace("\\u0085", "\u0085");

        Message message = rendered(bundle().template("deal.txt", "Subject: {{name}}\nx"), "", "", Map.of("name", name));

        assertThat(message.getHeader("CamelCrmSubject", String.class))
                .matches("a (Bcc: x@example.com|b)")
                .doesNotContainPattern("[\\p{Cc}\\u2028\\u2029]");
    }

    @Test
    void a_list_is_gone_through_by_its_dot_or_by_the_name_body() throws IOException {
        bridge = bundle().template("deal.txt", "{{#.}}{{name}};{{/.}} {{#body}}{{name}},{{/body}} {{body.0.name}}")
                .route("deals", "deals", "startFrom=mirror&batchSize=10", STEPS)
                .start();
        for (String name : List.of("a", "b")) {
            sandbox.workspace().create("deals", Map.of("name", name));
        }
        bridge.poll("deals");
        bridge.awaitDelivered("deals", 2);

        assertThat(bridge.mock("out").getExchanges().get(0).getMessage().getBody(String.class))
                .isIn("a;b; a,b, a", "b;a; b,a, b");
    }

    @Test
    void headers_and_properties_are_variables_and_the_record_comes_first() throws IOException {
        Message message = rendered(
                bundle().template(
                                "deal.txt",
                                "{{CamelCrmFeed}} {{CamelCrmChange}} {{stage}} {{crmPrevious.name}}|{{greeting}}|{{name}}"),
                "",
                """
                - setProperty:
                    name: greeting
                    expression:
                      constant:
                        expression: Dear
                - setProperty:
                    name: name
                    expression:
                      constant:
                        expression: not this one
                """,
                Map.of("name", "one", "stage", "Won"));

        assertThat(message.getBody()).isEqualTo("deals created Won |Dear|one");
    }

    @Test
    void values_are_written_as_a_person_would() throws IOException {
        Map<String, Object> record = new HashMap<>(
                Map.of("large", 12_345_678.9, "round", 1_000.0, "small", 0.00001, "yes", true, "map", Map.of("a", 1)));
        record.put("none", null);
        record.put("list", Arrays.asList("x", null));

        assertThat(text("{{large}} {{round}} {{small}} {{yes}} {{map}} [{{none}}] {{#list}}<{{.}}>{{/list}}", record))
                .isEqualTo("12345678.9 1000 0.00001 true {\"a\":1} [] <x><>");
        assertThat(logged.list).as("null is known").isEmpty();
    }

    @Test
    void an_unknown_field_stays_empty_with_one_warning_that_names_no_data() throws IOException {
        bridge = bundle().template(
                        "deal.txt", "[{{amuont}}{{owner.nmae}}{{#phone}}{{phone}}{{/phone}}{{^phone}}-{{/phone}}]")
                .route("deals", "deals", "", STEPS)
                .start();

        bridge.create("deals", Map.of("name", "Secret name", "owner", Map.of("name", "Secret owner")));
        bridge.create("deals", Map.of("name", "Other", "owner", Map.of()));
        bridge.awaitDelivered("deals", 2);

        assertThat(bridge.mock("out").getExchanges())
                .extracting(exchange -> exchange.getMessage().getBody())
                .containsOnly("[-]");
        assertThat(logged.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .hasSize(2)
                .anySatisfy(line -> assertThat(line).contains("template deal", "field amuont"))
                .anySatisfy(line -> assertThat(line).contains("field owner.nmae"))
                .allSatisfy(line -> assertThat(line).doesNotContain("Secret"));
    }

    @Test
    void an_object_that_is_no_data_is_not_looked_into() throws IOException {
        bridge = bundle().template("deal.txt", "[{{odd}}{{odd.name}}{{name.class}}{{name.bytes}}]")
                .route("deals", "deals", "", "- to: mock:odd\n" + STEPS)
                .start()
                .at("odd", exchange -> exchange.setProperty("odd", exchange.getContext()));

        bridge.create("deals", Map.of("name", "one"));
        bridge.awaitDelivered("deals", 1);

        assertThat(bridge.mock("out").getExchanges().get(0).getMessage().getBody())
                .isEqualTo("[]");
    }

    @Test
    void the_version_before_of_a_new_record_is_empty_without_a_warning() throws IOException {
        assertThat(text("[{{crmPrevious.name}}]", Map.of("name", "one"))).isEqualTo("[]");
        assertThat(logged.list).isEmpty();
    }

    @Test
    void a_partial_is_taken_from_the_same_folder_and_of_the_same_kind() throws IOException {
        Message message = rendered(
                bundle().template("deal.html", "<p>{{> sign}}</p>")
                        .template("deal.txt", "{{> sign}}")
                        .template("sign.html", "<b>{{name}}</b>")
                        .template("sign.txt", "-- {{name}}"),
                "",
                "",
                Collections.singletonMap("name", "T&J"));

        assertThat(message.getBody()).isEqualTo("<p><b>T&amp;J</b></p>");
        assertThat(message.getHeader("CamelMailAlternativeBody")).isEqualTo("-- T&J");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a\\n{{#open}}b | templates/deal.txt:2:1: Section missing close tag 'open'",
                "Subject: x\\n\\na\\n{{/open}} | templates/deal.txt:4:1: Section close tag with no open tag",
                "Subject: {{#x}}\\na | templates/deal.txt:1:10: Section missing close tag",
                "a\\n\\n{{name | templates/deal.txt:3:1: a tag is not closed",
                "a\\n{{}} | templates/deal.txt:2:1: a tag is empty",
                "a\\nb {{> sgin}} | templates/deal.txt:2:3: no partial \"sgin\": there is no file templates/sgin.txt: did you"
                        + " mean \"sign\"?",
                "{{> ../secret}} | templates/deal.txt:1:1: no partial",
                "{{> broken}} | templates/broken.txt:2:1: Section missing close tag",
                "{{> loop}} | templates/loop.txt:1:1: the partial \"loop\" includes itself",
            })
    void a_broken_template_is_a_finding_with_its_file_and_line(String template, String finding) {
        assertThatThrownBy(() -> bundle().template("deal.txt", template.replace("\\n", "\n"))
                        .template("sign.txt", "x")
                        .template("broken.txt", "x\n{{#open}}")
                        .template("loop.txt", "{{> loop}}")
                        .route("deals", "deals", "", STEPS)
                        .route("more", "deals", "", STEPS)
                        .start())
                .isInstanceOf(BundleException.class)
                .hasMessageStartingWith(finding)
                .satisfies(e -> assertThat(((BundleException) e).findings()).hasSize(1));
    }

    @Test
    void a_template_that_is_not_there_is_a_finding_at_its_step() {
        assertThatThrownBy(() -> bundle().template("deal.html", "x")
                        .route("deals", "deals", "", "- to: template:deel")
                        .start())
                .isInstanceOf(BundleException.class)
                .hasMessageStartingWith("routes/r01.yaml:6:15: template:deel: no template \"deel\"")
                .hasMessageContaining("did you mean \"deal\"?");
    }

    @Test
    void two_subjects_are_a_finding() {
        assertThatThrownBy(() -> bundle().template("deal.html", "Subject: a\nx")
                        .template("deal.txt", "Subject: b\nx")
                        .route("deals", "deals", "", STEPS)
                        .start())
                .isInstanceOf(BundleException.class)
                .hasMessageStartingWith("templates/deal.txt:1:1: there is a Subject: in templates/deal.html too");
    }
}
