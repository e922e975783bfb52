package io.crmbridge.feed;

import io.crmbridge.feed.FeedWorld.Config;
import io.crmbridge.state.Subscription.StartFrom;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Histories that once broke a promise, as {@link FeedModelTest} printed them. */
class FeedHistoryTest {
    @TempDir
    Path folder;

    @Test
    void a_plain_day() {
        replay(new Config(StartFrom.BEGINNING, 1, 1, 6, 6, 3, false, 1), """
                work
                update 1
                tick 31000
                work
                kill
                update 2
                poll
                work
                """);
    }

    /** A version with the stamp of the oldest row of a page that a lower cap than documented cut off. */
    @Test
    void a_tie_below_a_page_that_was_cut_off() {
        replay(new Config(StartFrom.BEGINNING, 1, 1, 6, 4, 1, true, 1), """
                update 1
                future 8
                poll
                update 0
                update 0
                update 0
                update 1
                update 2
                update 3 1
                tick 1000
                fault 5
                tick 1
                update 7 1
                """);
    }

    /** A record that was an anchor moved into the future, and a burst of one stamp was cut off below it. */
    @Test
    void a_burst_below_a_row_from_the_future_in_a_page_that_was_cut_off() {
        replay(new Config(StartFrom.BEGINNING, 1, 1, 6, 4, 9, true, 1), """
                step 0
                tick 1000
                future 8
                during fault 1
                poll
                during poll
                poll
                future 8
                tick 31000
                during poll
                fault 3
                burst 5 1
                """);
    }

    /** A late commit below a full page, whose poll was killed after its commit. */
    @Test
    void a_late_commit_below_a_full_page_is_excused_over_a_kill() {
        replay(new Config(StartFrom.BEGINNING, 1, 1, 6, 6, 0, true, 1), """
                fail_commit 1
                update 0
                update 0
                during poll
                resume
                tick 61000
                update 5 10
                during save
                update 7
                poll
                during update 1
                outcome 4 2
                during outcome 6 6
                kill 4
                step 2
                step 1
                during update 1
                fail_commit 1
                update 1
                step 1
                during outcome 1 2
                during poll
                during tick 5000
                restart
                update 6
                during tick 25
                poll
                fail_begin 1
                work
                work
                pause
                down
                during work
                update 4 1
                burst 3
                step 2
                fault
                during poll
                update 3
                tick 400000
                during work
                update 7
                resume
                during outcome 3 3
                burst 3
                purge
                save
                kill 4
                work
                """);
    }

    private void replay(Config config, String script) {
        try (FeedWorld world = new FeedWorld(config, folder)) {
            world.run(FeedAction.parse(script));
        }
    }
}
