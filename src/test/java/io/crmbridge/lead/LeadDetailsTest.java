package io.crmbridge.lead;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What could go wrong with the gate and of the rules. */
class LeadDetailsTest {
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");

    private Instant now = NOON;
    private final FloodGate gate = new FloodGate(new FloodGate.Limit(3, Duration.ofHours(1)), new Clock() {
        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    });

    @TempDir
    private Path folder;

    @Test
    void what_the_crm_put_off_counts_for_when_it_is_sent_at_last() {
        assertThat(LongStream.range(0, 3).filter(id -> gate.lets("s", id)).count())
                .isEqualTo(3);
        // The CRM says 503 for 59 minutes; then the three are asked for again, and sent.
        now = NOON.plus(Duration.ofMinutes(59));
        assertThat(LongStream.range(0, 3).filter(id -> gate.lets("s", id)).count())
                .isEqualTo(3);

        now = NOON.plus(Duration.ofMinutes(61));
        assertThat(LongStream.range(3, 6).filter(id -> gate.lets("s", id)).count())
                .as("three were sent two minutes ago, and three may be within an hour")
                .isZero();
    }

    private LeadRules.Way way(String when, Map<String, String> lead) throws Exception {
        Files.writeString(
                folder.resolve("web.yaml"),
                "sequences:\n  - when: { %s }\n    sequence: Special\n  - sequence: Usual\n".formatted(when));
        LeadRules rules = new LeadFiles(folder).get("web");
        return rules.way(new LeadReader(rules).read(lead));
    }

    @Test
    void a_rule_may_name_a_country_as_a_lead_may() throws Exception {
        assertThat(way("country: Germany", Map.of("email", "a@example.com", "country", "Germany"))
                        .sequence())
                .isEqualTo("Special");
    }

    @Test
    void a_rule_may_name_a_field_as_the_form_does() throws Exception {
        assertThat(way("utm_source: fair", Map.of("email", "a@example.com", "utm_source", "fair"))
                        .sequence())
                .isEqualTo("Special");
    }

    @Test
    void a_rule_finds_a_field_of_the_form_without_regard_to_case() throws Exception {
        assertThat(way("plan: pro", Map.of("email", "a@example.com", "Plan", "pro"))
                        .sequence())
                .isEqualTo("Special");
    }

    @Test
    void who_says_no_in_a_sentence_has_not_kept_silent() throws Exception {
        assertThat(way("consent: false", Map.of("email", "a@example.com", "consent", "No, thanks"))
                        .sequence())
                .isEqualTo("Special");
    }

    @Test
    void an_address_is_suppressed_however_a_list_of_wishes_has_it() {
        String ann = SuppressionCheck.email("ann@example.com");

        assertThat(SuppressionCheck.email("mailto:Ann@Example.com")).isEqualTo(ann);
        assertThat(SuppressionCheck.email("Ann Lee <ann@example.com>")).isEqualTo(ann);
    }
}
