package io.crmbridge.component.map;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Mails that are made to be slow. */
class OwnTextHostileTest {
    @Test
    void a_mail_that_is_made_to_be_slow_is_read_in_time() {
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (String line : List.of(
                    "On 1 " + "wrote ".repeat(80),
                    "-".repeat(400) + "x",
                    "a wrote:\n\n\n\n",
                    "von meinem " + "x gesendet".repeat(40) + "y",
                    "From: x",
                    "2026 " + "<a@b>".repeat(40),
                    "w dniu 1 " + "napisał".repeat(50))) {
                OwnText.of((line + "\n").repeat(1_000_000 / line.length()));
            }
            OwnText.of("-".repeat(1_000_000) + "x");
            OwnText.of("von meinem " + "gesendet ".repeat(100_000) + "x");
            OwnText.of("Am 1 ".repeat(200_000) + "schrieb");
        });
    }
}
