package io.crmbridge.lead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** leads/&lt;name&gt;.yaml. */
class LeadFilesTest {
    @TempDir
    private Path folder;

    private LeadRules rules(String yaml) throws IOException {
        Files.writeString(folder.resolve("web.yaml"), yaml);
        return new LeadFiles(folder).get("web");
    }

    private static LeadRules.Way way(LeadRules rules, Map<String, Object> entry) {
        return rules.way(new LeadReader(rules).read(entry));
    }

    @Test
    void the_first_rule_that_fits_says_the_sequence() throws IOException {
        LeadRules rules = rules("""
                source: form
                region: DE
                fields:
                  email: [Kontakt]
                sequences:
                  - when: { source: webinar, country: [DE, AT, CH] }
                    sequence: Webinar DE
                  - when: { source: webinar }
                    sequence: Webinar
                  - when: { tags: vip }
                    sequence: VIP
                  - when: { plan: trial }
                    sequence: none
                  - when: { source: form }
                    sequence: Welcome
                """);

        assertThat(way(rules, Map.of("kontakt", "a@x.com", "source", "Webinar", "country", "Austria")))
                .isEqualTo(new LeadRules.Way("Webinar DE", ""));
        assertThat(way(rules, Map.of("email", "a@x.com", "source", "webinar", "country", "FR")))
                .isEqualTo(new LeadRules.Way("Webinar", ""));
        assertThat(way(rules, Map.of("email", "a@x.com", "source", "x", "tags", "a,VIP"))
                        .sequence())
                .isEqualTo("VIP");
        assertThat(way(rules, Map.of("email", "a@x.com", "plan", "Trial"))).isEqualTo(new LeadRules.Way("", "by_rule"));
        assertThat(way(rules, Map.of("email", "a@x.com")).sequence()).isEqualTo("Welcome");
        assertThat(way(rules, Map.of("email", "a@x.com", "source", "y"))).isEqualTo(new LeadRules.Way("", "no_rule"));
        assertThat(new LeadReader(rules)
                        .read(Map.of("email", "a@x.com", "phone", "030 123456"))
                        .phone())
                .isEqualTo("+4930123456");
    }

    @Test
    void without_consent_nobody_is_enrolled_where_it_is_required() throws IOException {
        LeadRules rules = rules("consent: required\nsequences:\n  - sequence: Welcome\n");

        assertThat(way(rules, Map.of("email", "a@x.com"))).isEqualTo(new LeadRules.Way("", "no_consent"));
        assertThat(way(rules, Map.of("email", "a@x.com", "consent", "no")).sequence())
                .isEmpty();
        assertThat(way(rules, Map.of("email", "a@x.com", "consent", true)).sequence())
                .isEqualTo("Welcome");
    }

    @Test
    void an_empty_file_means_no_sequence() throws IOException {
        assertThat(way(rules("# nothing yet\n"), Map.of("email", "a@x.com")).reason())
                .isEqualTo("no_rule");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    regoin: US                        | no key "regoin"
                    region: Atlantis                  | region: Atlantis is no country
                    consent: maybe                    | no consent "maybe"
                    fields: {mial: [x]}               | no field "mial"
                    sequences: Welcome                | sequences is a list of rules
                    sequences: [{when: {a: b}}]       | a rule has no sequence
                    sequences: [Welcome]              | a rule of sequences is no map
                    sequences: [{sequence: A}, {sequence: B}] | no lead comes to the rules behind one without when
                    sequences: [{sequence: A          | leads/web.yaml, line
                    """)
    void what_cannot_be_is_told_with_its_place(String yaml, String told) {
        assertThatThrownBy(() -> rules(yaml + "\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("leads/web.yaml")
                .hasMessageContaining(told);
    }
}
