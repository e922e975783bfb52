package io.crmbridge.feed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.crm.Row;
import io.crmbridge.state.FeedState;
import io.crmbridge.state.PollCommit;
import io.crmbridge.state.Store;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

/**
 * A feed that the bridge writes itself and nothing polls. Its records go through the same log, mirror and subscriptions as
 * those of a CRM. Thread-safe.
 */
final class LocalFeed implements Feeding {
    /** Connection and workspace of what comes from no CRM; no configured name can be like it. */
    static final String CONNECTION = "(bridge)";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Store store;
    private final Clock clock;
    private final Timer timer;
    private final Executor executor;
    private final List<SubscriptionRunner> runners = new CopyOnWriteArrayList<>();
    private final FeedState state;

    LocalFeed(Store store, String name, Clock clock, Timer timer, Executor executor) {
        this.store = store;
        this.clock = clock;
        this.timer = timer;
        this.executor = executor;
        long source = store.sources().source(CONNECTION, CONNECTION).id();
        this.state = store.sources().lease(source, name);
    }

    /** Appends a version of a record; durable when it returns. One that is no news is not appended. */
    synchronized void append(String recordId, ObjectNode body) {
        Instant now = clock.instant();
        byte[] raw;
        try {
            raw = JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a tree can be written", e);
        }
        Row row = new Row(Optional.of(recordId), Optional.of(now), now.toString(), "createdAt", body, raw);
        News news = new News(store.log(), state, Set.of(), past -> false).sift(List.of(row));
        if (!news.changes.isEmpty()) {
            store.log().commit(new PollCommit(state, news.changes, news.recentMarks, Optional.empty(), List.of()));
            wake();
        }
    }

    /** As it was leased by this process. */
    FeedState state() {
        return state;
    }

    /** Lets its routes look for what was appended. */
    void wake() {
        runners.forEach(SubscriptionRunner::wake);
    }

    @Override
    public long feedId() {
        return state.id();
    }

    @Override
    public void add(SubscriptionRunner runner) {
        runners.add(runner);
        runner.spec().cron().ifPresent(cron -> new CronFeeding(cron, clock, timer, () -> feed(runner)).start());
    }

    /** Feeds a runner that a schedule feeds; false when it is of this feed no more. */
    private boolean feed(SubscriptionRunner runner) {
        boolean fed = runners.contains(runner);
        if (fed) {
            executor.execute(() -> runner.feedUpTo(store.log().head()));
        }
        return fed;
    }

    @Override
    public void remove(SubscriptionRunner runner) {
        runners.remove(runner);
    }

    @Override
    public void start() {
        // What is appended wakes its runners.
    }
}
