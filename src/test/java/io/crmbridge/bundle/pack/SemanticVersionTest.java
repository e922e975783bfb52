package io.crmbridge.bundle.pack;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SemanticVersionTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0",
                "1.2.3",
                "10.20.30-rc.1",
                "1.0.0-0.3.7",
                "1.0.0+build.5",
                "1.0.0-a-b+c-d",
                "0.1.0-SNAPSHOT"
            })
    void is_read_and_written_alike(String text) {
        assertThat(SemanticVersion.of(text)).hasToString("Optional[" + text + "]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2",
                "v1.2.3",
                "1.2.3.4",
                "01.2.3",
                "1.2.3-",
                "1.2.3-01",
                "1.2.3+",
                "1.2.x",
                "1.2.3 ",
                "1.2.3\n",
                "-1.2.3",
                "9999999999999999999.0.0"
            })
    void what_is_none_is_none(String text) {
        assertThat(SemanticVersion.of(text)).isEmpty();
    }

    @Test
    void numbers_are_compared_as_numbers_and_a_pre_release_has_what_its_release_has() {
        assertThat(of("1.9.0").isOlderThan(of("1.10.0"))).isTrue();
        assertThat(of("1.10.0").isOlderThan(of("1.9.9"))).isFalse();
        assertThat(of("0.9.9").isOlderThan(of("1.0.0"))).isTrue();
        assertThat(of("1.0.0-SNAPSHOT").isOlderThan(of("1.0.0"))).isFalse();
    }

    private static SemanticVersion of(String text) {
        return SemanticVersion.of(text).orElseThrow();
    }
}
