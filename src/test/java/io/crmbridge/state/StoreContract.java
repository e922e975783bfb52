package io.crmbridge.state;

import io.crmbridge.state.Subscription.StartFrom;
import io.crmbridge.state.Subscriptions.DeadEntry;
import io.crmbridge.state.Subscriptions.ParkedEntry;
import io.crmbridge.state.Subscriptions.Progress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the contract tests share: a store that can be reopened, one feed, and short ways to fill it. */
abstract class StoreContract {
    protected final HandClock clock = new HandClock();
    protected Store store;
    protected Source source;
    protected FeedState feed;

    /** Opens the same store each time. */
    protected abstract Store openStore();

    /** Opens the same store once more, beside the one that is open, as a command does. */
    protected abstract Store attachStore();

    @BeforeEach
    void begin() {
        store = openStore();
        source = store.sources().source("default", "impactiveai");
        feed = store.sources().lease(source.id(), "deals");
    }

    @AfterEach
    void end() {
        store.close();
    }

    protected void reopen() {
        store.close();
        store = openStore();
    }

    protected static NewChange change(String recordId, int version) {
        return change(recordId, version, false, 0);
    }

    protected static NewChange change(String recordId, int version, boolean baseline, long previous) {
        return new NewChange(
                recordId,
                "v" + version,
                filled(32, version),
                filled(32, version + 1),
                version == 1 ? ChangeKind.CREATED : ChangeKind.UPDATED,
                version == 1,
                baseline,
                version == 1 ? List.of() : List.of("name", "amount"),
                previous,
                body(recordId, version));
    }

    protected static byte[] body(String recordId, int version) {
        return "{\"id\":\"%s\",\"v\":%d}".formatted(recordId, version).getBytes(StandardCharsets.UTF_8);
    }

    protected static byte[] filled(int length, int with) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) with);
        return bytes;
    }

    protected long append(NewChange... changes) {
        return append(feed, changes);
    }

    protected long append(FeedState state, NewChange... changes) {
        return append(store, state, changes);
    }

    protected static long append(Store store, FeedState state, NewChange... changes) {
        return store.log()
                .commit(new PollCommit(
                        state,
                        List.of(changes),
                        Arrays.stream(changes)
                                .map(c -> filled(MirrorRow.MARK, 1))
                                .toList(),
                        Optional.empty(),
                        List.of()));
    }

    protected List<Long> seqs(long feedId, long subscriptionId, long after) {
        return store.log().read(feedId, subscriptionId, after, 1000).stream()
                .map(Change::seq)
                .toList();
    }

    protected List<String> records(long feedId, long subscriptionId, long after) {
        return store.log().read(feedId, subscriptionId, after, 1000).stream()
                .map(Change::recordId)
                .toList();
    }

    protected Subscription subscribe(String name, StartFrom from) {
        return store.subscriptions().open("default", name, name, feed.id(), from, null);
    }

    protected Subscription again(Subscription subscription) {
        return store.subscriptions().all().stream()
                .filter(s -> s.id() == subscription.id())
                .findFirst()
                .orElseThrow();
    }

    protected void moveTo(Subscription subscription, long position) {
        save(subscription, position, "", List.of(), List.of(), List.of(), List.of(), 0, 0);
    }

    protected void save(
            Subscription subscription,
            long position,
            String doneAbove,
            Collection<ParkedEntry> parked,
            Collection<Long> unparked,
            Collection<DeadEntry> dead,
            Collection<Long> endedBatches,
            long delivered,
            long handled) {
        store.subscriptions()
                .save(new Progress(
                        subscription.id(),
                        position,
                        doneAbove,
                        parked,
                        unparked,
                        dead,
                        endedBatches,
                        delivered,
                        handled,
                        delivered == 0 ? Optional.<Instant>empty() : Optional.of(clock.instant())))
                .toCompletableFuture()
                .join();
    }

    protected ParkedEntry parkedEntry(long seq, String recordId, int attempts) {
        return new ParkedEntry(seq, recordId, 0, attempts, clock.instant(), "refused", "effect1 effect2");
    }
}
