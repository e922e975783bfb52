package io.crmbridge.crm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.crmbridge.crm.QuotaLimits.Window;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuotaLimitsTest {
    @Test
    void limits_are_read_from_text_and_written_as_it() {
        QuotaLimits limits = QuotaLimits.parse("30/10s, 100/1m,100000/1d");

        assertThat(limits.windows())
                .containsExactly(
                        new Window(30, Duration.ofSeconds(10), "30/10s"),
                        new Window(100, Duration.ofMinutes(1), "100/1m"),
                        new Window(100_000, Duration.ofDays(1), "100000/1d"));
        assertThat(limits).hasToString("30/10s,100/1m,100000/1d");
        assertThat(QuotaLimits.parse(limits.toString())).isEqualTo(limits);
    }

    @Test
    void each_window_is_kept_a_fiftieth_longer() {
        assertThat(QuotaLimits.parse("30/10s,100/1m,5/500ms,1/2h").windows())
                .extracting(Window::kept)
                .containsExactly(
                        Duration.ofMillis(10_200),
                        Duration.ofMillis(61_200),
                        Duration.ofMillis(510),
                        Duration.ofSeconds(7_344));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "30", "30/10", "0/10s", "30/0s", "30/10s,", "30 per 10s", "-1/1m", "9999999999/1d", "1/1w"})
    void what_is_no_limit_is_told_with_what_to_write(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QuotaLimits.parse(text))
                .withMessageContaining("write for example 30/10s,100/1m,100000/1d");
    }

    @Test
    void what_cannot_be_kept_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QuotaLimits.parse("1/32d"))
                .withMessage("1/32d is longer than 31d: write a shorter time");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QuotaLimits.parse("10001/5m"))
                .withMessageContaining("write at most 10000 for a time up to 5m");
        assertThat(QuotaLimits.parse("10001/6m").windows()).hasSize(1);
    }
}
