package io.crmbridge.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbridge.component.TestBridge;
import io.crmbridge.component.template.Templates;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of a template's fields that no record has. */
class FieldWarningsTest {
    private static final String RENDER = "- to:\n    uri: template:mail";

    @TempDir
    private Path folder;

    private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults());
    private TestBridge bridge;

    @AfterEach
    void close() {
        bridge.close();
        sandbox.close();
    }

    private TestBridge.Draft template(String text) {
        return TestBridge.in(folder, sandbox).template("mail.txt", text);
    }

    private List<String> warnings(TestBridge.Draft draft, boolean seen) throws IOException {
        bridge = draft.start();
        Bundle bundle = Bundle.at(folder.resolve("bundle"), Map.of());
        return new FieldWarnings(
                        new Templates(bundle.templates()), seen ? Optional.of(bridge.store()) : Optional.empty())
                .of(BundleReader.read(bundle, Map.of()).templates()).stream()
                        .map(Finding::toString)
                        .toList();
    }

    private TestBridge.Draft deals(String template) {
        sandbox.workspace().create("deals", Map.of("name", "Big", "score", 7, "lines", List.of(Map.of("sku", "A1"))));
        return template(template).route("mail", "deals", "", RENDER);
    }

    @Test
    void a_field_that_no_record_has_is_told_with_its_place_and_the_nearest_one() throws IOException {
        assertThat(warnings(deals("Subject: {{nmae}}\n\n{{name}}\n{{skore}} {{colour}}"), true))
                .containsExactly(
                        "templates/mail.txt:4:3: deals have no field \"skore\" so far: did you mean \"score\"?",
                        "templates/mail.txt:4:13: deals have no field \"colour\" so far",
                        "templates/mail.txt:1:12: deals have no field \"nmae\" so far: did you mean \"name\"?");
    }

    @Test
    void what_is_there_or_can_not_be_known_is_not_told() throws IOException {
        assertThat(warnings(
                        deals(
                                "{{#name}}{{name}} {{score}}{{/name}}{{#lines}}{{sku}}{{-index}}{{/lines}}{{^score}}none{{/score}}"
                                        + "{{CamelCrmCount}} {{crmPrevious.name}} {{amount}} {{body}} {{#body}}{{name}}{{/body}}"),
                        true))
                .isEmpty();
    }

    @Test
    void before_the_first_poll_a_name_is_told_that_is_near_to_an_assumed_one_alone() throws IOException {
        assertThat(warnings(deals("{{stageNam}} {{favouriteColourOfTheBuyer}}"), false))
                .containsExactly(
                        "templates/mail.txt:1:3: deals have no field \"stageNam\", as far as is known before the first poll:"
                                + " did you mean \"stageName\"?");
    }

    @Test
    void a_snapshot_and_a_batch_are_lists_of_records_and_what_a_step_made_of_a_body_is_its_own() throws IOException {
        TestBridge.Draft draft = deals("{{#body}}{{nmae}}{{/body}}")
                .template("own.txt", "{{nonsense}}")
                .yaml("""
                        - route:
                            id: report
                            from:
                              uri: direct:report
                              steps:
                                - to:
                                    uri: impactiveai:deals?operation=snapshot
                                - setHeader:
                                    name: who
                                    expression:
                                      constant:
                                        expression: me
                                - choice:
                                    when:
                                      - expression:
                                          simple:
                                            expression: "${header.who} == 'me'"
                                        steps:
                                          - to:
                                              uri: template:mail
                        - route:
                            id: own
                            from:
                              uri: direct:own
                              steps:
                                - to:
                                    uri: impactiveai:deals?operation=snapshot
                                - setBody:
                                    simple:
                                      expression: "${body.size}"
                                - to:
                                    uri: template:own
                        """);

        assertThat(warnings(draft, true)).singleElement().asString().contains("mail.txt:1", "nmae", "name");
    }

    @Test
    void a_condition_of_a_route_is_checked_by_the_records_that_were_seen() throws IOException {
        sandbox.workspace().create("deals", Map.of("name", "Big", "score", 7));
        bridge = TestBridge.in(folder, sandbox).route("score", "deals", "", """
                        - filter:
                            expression:
                              simple:
                                expression: "${body[skore]} > 5 || ${body[score]} > 7 || ${body[name]} == 'Big'"
                            steps:
                              - log:
                                  message: high""").start();
        Bundle bundle = Bundle.at(folder.resolve("bundle"), Map.of());

        assertThat(Validation.of(bundle, Map.of(), Optional.of(bridge.store())).problems())
                .filteredOn(problem -> problem.code() == Code.UNKNOWN_FIELD)
                .singleElement()
                .asString()
                .contains("warning: deals have no field \"skore\" so far: did you mean \"score\"?");
        assertThat(Validation.of(bundle, Map.of(), Optional.empty()).problems())
                .noneMatch(problem -> problem.code() == Code.UNKNOWN_FIELD);
    }
}
