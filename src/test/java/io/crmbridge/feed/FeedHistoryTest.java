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

    private void replay(Config config, String script) {
        try (FeedWorld world = new FeedWorld(config, folder)) {
            world.run(FeedAction.parse(script));
        }
    }
}
