package io.crmbridge.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbridge.state.Inboxes.NewEntry;
import io.crmbridge.state.Inboxes.Receipt;
import io.crmbridge.state.Inboxes.Tally;
import io.crmbridge.state.StoreException.Kind;
import io.crmbridge.state.Subscription.StartFrom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every backend's inboxes do. */
abstract class InboxesContractTest extends StoreContract {
    private static final Duration DAY = Duration.ofHours(24);

    private static NewEntry entry(String receipt, String key, String effect) {
        return new NewEntry(
                receipt, Optional.ofNullable(key), Optional.ofNullable(effect), filled(32, 7), body(receipt, 1));
    }

    private List<Receipt> accept(NewEntry... entries) {
        return store.inboxes().accept(feed, DAY, List.of(entries));
    }

    private Tally tally() {
        return store.inboxes().tallies().get(0);
    }

    @Test
    void an_entry_is_in_the_log_under_its_key_or_else_its_receipt_also_after_a_restart() {
        assertThat(accept(entry("r1", "k1", null), entry("r2", null, null)))
                .containsExactly(new Receipt("r1", true), new Receipt("r2", true));
        reopen();

        List<Change> read = store.log().read(feed.id(), 0, 0, 10);
        assertThat(read).extracting(Change::recordId).containsExactly("k1", "r2");
        assertThat(read).extracting(Change::version).containsExactly("r1", "r2");
        assertThat(read.get(0).body()).isEqualTo(body("r1", 1));
        assertThat(read.get(0).kind()).isEqualTo(ChangeKind.CREATED);
    }

    @Test
    void a_key_is_taken_once_within_its_window_also_over_a_restart() {
        accept(entry("r1", "k", null));
        reopen();
        feed = store.sources().lease(source.id(), "deals");
        clock.forward(DAY.minusSeconds(1));

        assertThat(accept(entry("r2", "k", null))).containsExactly(new Receipt("r1", false));
        clock.forward(Duration.ofSeconds(1));
        assertThat(accept(entry("r3", "k", null))).containsExactly(new Receipt("r3", true));
        assertThat(records(feed.id(), 0, 0)).containsExactly("k", "k");
        assertThat(tally()).isEqualTo(new Tally(feed.id(), 2, 1, 0, 0));
    }

    @Test
    void entries_of_one_request_with_one_key_are_one_entry() {
        assertThat(accept(entry("r1", "k", null), entry("r2", "k", null)))
                .containsExactly(new Receipt("r1", true), new Receipt("r1", false));
        assertThat(records(feed.id(), 0, 0)).hasSize(1);
    }

    @Test
    void an_effect_is_remembered_for_good_also_that_of_a_duplicate() {
        accept(entry("r1", "k", "e1"));
        accept(entry("r2", "k", "e2"));
        clock.forward(DAY.multipliedBy(100));

        assertThat(accept(entry("r3", "k", "e1"), entry("r4", "k", "e2")))
                .containsExactly(new Receipt("r1", false), new Receipt("r1", false));
        assertThat(records(feed.id(), 0, 0)).hasSize(1);
    }

    @Test
    void keys_of_entries_and_of_effects_and_of_other_inboxes_are_not_mixed_up() {
        FeedState other = store.sources().lease(source.id(), "other");
        accept(entry("r1", "same", null));

        assertThat(accept(entry("r2", null, "same"))).containsExactly(new Receipt("r2", true));
        assertThat(store.inboxes().accept(other, DAY, List.of(entry("r3", "same", null))))
                .containsExactly(new Receipt("r3", true));
    }

    @Test
    void one_of_many_writers_with_one_key_is_the_first() {
        List<CompletableFuture<List<Receipt>>> all = IntStream.range(0, 32)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> accept(entry("r" + i, "k", null))))
                .toList();

        List<Receipt> receipts = new ArrayList<>();
        all.forEach(future -> receipts.addAll(future.join()));
        assertThat(receipts.stream().filter(Receipt::isNew)).hasSize(1);
        assertThat(receipts)
                .extracting(Receipt::receipt)
                .containsOnly(receipts.stream()
                        .filter(Receipt::isNew)
                        .findFirst()
                        .orElseThrow()
                        .receipt());
        assertThat(records(feed.id(), 0, 0)).hasSize(1);
    }

    @Test
    void who_lost_the_inbox_to_another_process_appends_nothing() {
        store.sources().lease(source.id(), "deals");

        assertThatThrownBy(() -> accept(entry("r1", null, null)))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.LEASE_LOST));
        assertThat(records(feed.id(), 0, 0)).isEmpty();
    }

    @Test
    void what_is_turned_away_is_counted() {
        store.inboxes().count(feed.id(), 2, 0);
        store.inboxes().count(feed.id(), 1, 4);
        accept(entry("r1", null, null));

        assertThat(tally()).isEqualTo(new Tally(feed.id(), 1, 0, 3, 4));
    }

    @Test
    void what_nobody_reads_is_kept_and_what_all_have_read_goes_with_its_age() {
        accept(entry("r1", null, null));
        clock.forward(DAY.multipliedBy(100));

        assertThat(store.log().purge(clock.instant())).isZero();
        Subscription reader = subscribe("late", StartFrom.BEGINNING);
        assertThat(store.log().purge(clock.instant())).isZero();
        assertThat(records(feed.id(), reader.id(), reader.position())).containsExactly("r1");
        moveTo(reader, store.log().head());
        assertThat(store.log().purge(clock.instant())).isEqualTo(1);
    }
}
