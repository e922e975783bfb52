package io.crmbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbridge.state.ChangeKind;
import io.crmbridge.state.FeedState;
import io.crmbridge.state.MirrorRow;
import io.crmbridge.state.NewChange;
import io.crmbridge.state.PollCommit;
import io.crmbridge.state.Store;
import io.crmbridge.state.Subscription;
import io.crmbridge.state.Subscription.StartFrom;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log keeps to its age and its size, and gives up what nothing needs. */
class ChoresTest {
    private static final Duration KEEP = Duration.ofDays(30);
    private static final long ROOMY = 1L << 40;
    private static final long TIGHT = 1L << 20;
    private static final int RECORDS = 100;

    @TempDir
    private Path folder;

    private Store store;
    private FeedState feed;

    @BeforeEach
    void fill() {
        store = Store.open(folder, Clock.systemUTC());
        feed = store.sources()
                .lease(store.sources().source("default", "impactiveai").id(), "deals");
        for (int version = 1; version <= 20; version++) {
            int mine = version;
            store.log()
                    .commit(new PollCommit(
                            feed,
                            IntStream.range(0, RECORDS)
                                    .mapToObj(record -> change("r" + record, mine))
                                    .toList(),
                            Collections.nCopies(RECORDS, new byte[MirrorRow.MARK]),
                            Optional.empty(),
                            List.of()));
        }
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static NewChange change(String recordId, int version) {
        return new NewChange(
                recordId,
                "v" + version,
                new byte[32],
                new byte[32],
                ChangeKind.UPDATED,
                false,
                false,
                List.of(),
                0,
                ("\"" + "x".repeat(1000) + "\"").getBytes());
    }

    private int changes() {
        return store.log().read(feed.id(), 0, 0, 10_000).size();
    }

    private void tidy(Duration later, long maxSize) {
        Chores.tidy(store, List.of(), Instant.now().plus(later), KEEP, maxSize);
    }

    @Test
    void a_log_within_its_size_keeps_its_age() {
        tidy(Duration.ofDays(2), ROOMY);

        assertThat(changes()).isEqualTo(20 * RECORDS);
    }

    @Test
    void a_log_beyond_its_size_lets_old_changes_go_sooner() {
        tidy(Duration.ofDays(2), TIGHT);

        assertThat(changes()).as("the latest version of each").isEqualTo(RECORDS);
    }

    @Test
    void a_log_beyond_its_size_keeps_what_is_younger_than_an_hour() {
        tidy(Duration.ofMinutes(30), TIGHT);

        assertThat(changes()).isEqualTo(20 * RECORDS);
    }

    @Test
    void a_log_beyond_its_size_keeps_what_a_route_has_not_read_until_its_place_expires() {
        Subscription unread =
                store.subscriptions().open("default", "unread", "unread", feed.id(), StartFrom.BEGINNING, null);

        tidy(Duration.ofDays(2), TIGHT);
        assertThat(changes()).isEqualTo(20 * RECORDS);

        tidy(Duration.ofDays(31), TIGHT);
        assertThat(store.subscriptions().all()).as("%s is gone", unread.name()).isEmpty();
        assertThat(changes()).isEqualTo(RECORDS);
    }
}
