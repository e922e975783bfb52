package io.crmbridge.state;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Connections' sources, their feeds and gaps. Thread-safe. */
public interface Sources {

    /** The source of a connection, created when new. */
    Source source(String connection, String type);

    /**
     * Binds a connection to the workspace its key answers for.
     *
     * @throws StoreException of kind OTHER_WORKSPACE when it belongs to another one
     */
    Source bind(long sourceId, String workspaceId, String workspaceName);

    void mark(long sourceId, Source.State state, Optional<String> reason);

    List<Source> sources();

    /** The feed under a new lease: whoever had one before can commit no longer. Created when new. */
    FeedState lease(long sourceId, String feed);

    Optional<FeedState> feed(long feedId);

    List<FeedState> feeds();

    /** The feed of a source by its name. */
    default Optional<FeedState> feed(long sourceId, String name) {
        return feeds().stream()
                .filter(feed -> feed.sourceId() == sourceId && feed.name().equals(name))
                .findFirst();
    }

    /** Records that a poll failed or that polls succeeded without news; keeps the place. Returns at once. */
    void note(long feedId, Optional<Instant> lastPollAt, Optional<Instant> freshAt, long polls, Optional<String> error);

    List<Gap> gaps(boolean closedToo);

    void closeGap(long gapId, String evidence);

    /** @param lately rows met from here on are counted apart */
    Quarantine quarantine(long feedId, Instant lately);

    /**
     * Rows of a feed without an id or a readable cursor field.
     *
     * @param since when the first of the late ones was met
     * @param last when one was met last
     */
    record Quarantine(long rows, long lately, Optional<Instant> since, Optional<Instant> last) {}
}
