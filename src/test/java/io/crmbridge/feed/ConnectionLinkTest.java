package io.crmbridge.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.Verdict;
import io.crmbridge.state.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectionLinkTest {
    @TempDir
    private Path folder;

    private CrmException refusalAfter(CrmException wait) {
        SettableClock clock = new SettableClock("2026-03-01T10:00:00Z");
        try (Store store = Store.open(folder, clock)) {
            ConnectionLink link = new ConnectionLink(
                    store,
                    new FakeCrm(clock, 100, 100),
                    store.sources().source("default", "fake"),
                    Duration.ofSeconds(30),
                    clock,
                    new Random(1));
            link.admit();
            link.leaveAlone(wait);
            return catchThrowableOfType(CrmException.class, link::admit);
        }
    }

    @Test
    void who_is_held_back_by_a_spent_day_is_told_that_it_is_spent() {
        String spent = "the daily quota of 100,000 calls is spent; calls resume at 2026-03-02T10:29:48Z";

        CrmException e = refusalAfter(new CrmException(Verdict.WAIT, spent, Optional.of(Duration.ofHours(5)), null));

        assertThat(e).hasMessage("connection default: " + spent);
        assertThat(e.verdict()).isEqualTo(Verdict.WAIT);
        assertThat(e.retryAfter()).contains(Duration.ofHours(5));
    }

    @Test
    void a_wait_without_a_time_holds_nobody_else() {
        assertThat(refusalAfter(new CrmException(Verdict.WAIT, "nine tenths are spent")))
                .isNull();
    }
}
