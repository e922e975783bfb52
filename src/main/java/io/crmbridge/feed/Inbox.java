package io.crmbridge.feed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.state.Inboxes.NewEntry;
import io.crmbridge.state.Inboxes.Receipt;
import io.crmbridge.state.Store;
import io.crmbridge.state.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A named durable queue in the log for what comes in. Its entries are in no mirror: each stays until every route on the
 * inbox has read it, and no longer than the log is kept. Thread-safe.
 */
public final class Inbox {
    /** Before its name, the name of its feed on {@link FeedRuntime#LOCAL}. */
    public static final String FEEDS = "inbox/";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Store store;
    private final LocalFeed feed;

    Inbox(Store store, LocalFeed feed) {
        this.store = store;
        this.feed = feed;
    }

    /**
     * @param key the sender's own: another entry with it is the same one
     * @param effect of the route that appends it
     */
    public record Entry(ObjectNode body, Optional<String> key, Optional<String> effect) {}

    /**
     * Appends what is not known; all of it is durable when it returns.
     *
     * @param window for how long keys are remembered
     * @return one receipt an entry, in order
     * @throws StoreException when the store cannot write; then nothing was appended
     */
    public List<Receipt> accept(List<Entry> entries, Duration window) {
        Fingerprint fingerprint = new Fingerprint(Set.of());
        List<NewEntry> news = new ArrayList<>(entries.size());
        for (Entry entry : entries) {
            news.add(new NewEntry(
                    UUID.randomUUID().toString(),
                    entry.key(),
                    entry.effect(),
                    fingerprint.content(entry.body()),
                    json(entry.body())));
        }
        List<Receipt> receipts = store.inboxes().accept(feed.state(), window, news);
        if (receipts.stream().anyMatch(Receipt::isNew)) {
            feed.wake();
        }
        return receipts;
    }

    /** Counts a request that was turned away. */
    public void refused() {
        store.inboxes().count(feed.feedId(), 1, 0);
    }

    /** Counts entries that a machine filled in. */
    public void dropped(int entries) {
        store.inboxes().count(feed.feedId(), 0, entries);
    }

    private static byte[] json(ObjectNode body) {
        try {
            return JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a tree can be written", e);
        }
    }
}
