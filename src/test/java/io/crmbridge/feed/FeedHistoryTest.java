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

    private void replay(Config config, String script) {
        try (FeedWorld world = new FeedWorld(config, folder)) {
            world.run(FeedAction.parse(script));
        }
    }
}
