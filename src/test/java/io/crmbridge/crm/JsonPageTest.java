package io.crmbridge.crm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonPageTest {

    @Property(tries = 500)
    void reads_the_usual_stamp_as_the_parser_does(
            @ForAll @LongRange(min = -62_135_596_800_000L, max = 253_402_300_799_999L) long millis) {
        String text = Instant.ofEpochMilli(millis / 1000 * 1000 + 7).toString();
        assertThat(JsonPage.instant(TextNode.valueOf(text))).contains(Instant.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-05-01T00:00:00Z,           2026-05-01T00:00:00Z",
        "2026-05-01T02:00:00.123+02:00,  2026-05-01T00:00:00.123Z",
        "2026-05-01T00:00:00.123456Z,    2026-05-01T00:00:00.123456Z",
        "2026-05-01 00:00:00,            2026-05-01T00:00:00Z",
        "2024-02-29T23:59:59.999Z,       2024-02-29T23:59:59.999Z"
    })
    void reads_other_ways_to_write_a_time(String text, String instant) {
        assertThat(JsonPage.instant(TextNode.valueOf(text))).contains(Instant.parse(instant));
    }

    @Test
    void an_id_with_a_nul_is_no_id() {
        FeedContract deals = new FeedContract("deals", "/deals", "id", "updatedAt", "createdAt", 100);
        byte[] body = "[{\"id\":\"a\\u0000b\"},{\"id\":\"ab\"}]".getBytes(StandardCharsets.UTF_8);

        assertThat(JsonPage.rows("call", deals, new CrmHttp.Answer(body, Optional.empty(), "application/json")))
                .extracting(Row::id)
                .containsExactly(Optional.empty(), Optional.of("ab"));
    }

    @Test
    void reads_numbers_of_seconds_and_of_milliseconds() {
        assertThat(JsonPage.instant(LongNode.valueOf(1_777_593_600L))).contains(Instant.parse("2026-05-01T00:00:00Z"));
        assertThat(JsonPage.instant(LongNode.valueOf(1_777_593_600_123L)))
                .contains(Instant.parse("2026-05-01T00:00:00.123Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-9223372036854775808",
                "9223372036854775807",
                "99999999999999999999",
                // 2026 in its lowest 64 bits
                "18446744075487145216"
            })
    void reads_no_time_in_a_number_that_is_none(String number) throws IOException {
        assertThat(JsonPage.instant(new ObjectMapper().readTree(number))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "2026-13-01T00:00:00.000Z",
                "2025-02-29T00:00:00.000Z",
                "2026-05-01T25:00:00.000Z"
            })
    void reads_no_time_where_there_is_none(String text) {
        assertThat(JsonPage.instant(TextNode.valueOf(text))).isEqualTo(Optional.empty());
    }
}
