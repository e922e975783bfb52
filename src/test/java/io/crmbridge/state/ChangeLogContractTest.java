package io.crmbridge.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbridge.state.PollCommit.NewGap;
import io.crmbridge.state.PollCommit.QuarantinedRow;
import io.crmbridge.state.StoreException.Kind;
import io.crmbridge.state.Subscription.StartFrom;
import io.crmbridge.state.Subscriptions.DeadEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What every backend's change log does. */
abstract class ChangeLogContractTest extends StoreContract {

    @Test
    void a_record_that_is_gone_is_listed_no_longer_and_not_handed_to_who_starts_from_the_mirror() {
        append(change("a", 1), change("b", 1));
        NewChange last = change("b", 2);
        append(new NewChange(
                "b", "v2", last.hash(), MirrorRow.noRow(), ChangeKind.GONE, false, false, List.of(), 0, last.body()));

        assertThat(store.log().listed(feed.id())).containsExactly("a");
        long subscription = store.subscriptions()
                .open("b", "mirror", "r", feed.id(), StartFrom.MIRROR, null)
                .id();
        assertThat(store.log().read(feed.id(), subscription, 3, 10))
                .extracting(Change::recordId)
                .containsExactly("a");
    }

    @Test
    void what_is_appended_is_read_as_it_was() {
        long first = append(change("a", 1));
        long head = append(change("b", 1), change("a", 2, false, first));

        List<Change> read = store.log().read(feed.id(), 0, 0, 10);

        assertThat(head).isEqualTo(store.log().head()).isEqualTo(read.get(2).seq());
        assertThat(read).extracting(Change::recordId).containsExactly("a", "b", "a");
        Change last = read.get(2);
        assertThat(last.version()).isEqualTo("v2");
        assertThat(last.hash()).isEqualTo(filled(32, 2));
        assertThat(last.kind()).isEqualTo(ChangeKind.UPDATED);
        assertThat(last.firstSeen()).isFalse();
        assertThat(last.baseline()).isFalse();
        assertThat(last.changedFields()).containsExactly("name", "amount");
        assertThat(last.previous()).isEqualTo(first);
        assertThat(last.observedAt()).isEqualTo(clock.instant());
        assertThat(last.body()).isEqualTo(body("a", 2));
        assertThat(read.get(0).changedFields()).isEmpty();
        assertThat(store.log().get(first).orElseThrow().body()).isEqualTo(body("a", 1));
        assertThat(store.log().get(List.of(head, first)))
                .extracting(Change::seq)
                .containsExactly(first, head);
        assertThat(store.log().get(head + 1)).isEmpty();
    }

    @Test
    void reading_goes_on_after_a_number_and_stops_at_the_limit() {
        append(change("a", 1), change("b", 1), change("c", 1));
        List<Long> all = seqs(feed.id(), 0, 0);

        assertThat(seqs(feed.id(), 0, all.get(0))).containsExactly(all.get(1), all.get(2));
        assertThat(store.log().read(feed.id(), 0, 0, 2)).hasSize(2);
    }

    @Test
    void feeds_do_not_see_each_other() {
        FeedState other = store.sources().lease(source.id(), "contacts");
        append(change("a", 1));
        append(other, change("x", 1));

        assertThat(records(feed.id(), 0, 0)).containsExactly("a");
        assertThat(records(other.id(), 0, 0)).containsExactly("x");
    }

    @Test
    void numbers_never_return_also_after_a_purge_and_a_restart() {
        long first = append(change("a", 1));
        long second = append(change("a", 2, false, first));
        append(change("a", 3, false, second), change("b", 1));
        long head = store.log().head();
        clock.forward(Duration.ofDays(40));
        // The whole feed goes, the highest number too, as when its last record is dead and dropped.
        assertThat(store.log().purge(clock.instant())).isPositive();
        reopen();

        assertThat(store.log().head()).isEqualTo(head);
        assertThat(append(change("c", 1))).isEqualTo(head + 1);
    }

    @Test
    void numbers_become_visible_in_order_while_several_feeds_are_written() throws Exception {
        List<FeedState> feeds = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            feeds.add(store.sources().lease(source.id(), "feed" + i));
        }
        List<CompletableFuture<Void>> writers = feeds.stream()
                .map(mine -> CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < 40; i++) {
                        append(mine, change("r" + i, 1), change("s" + i, 1));
                    }
                }))
                .toList();
        readsAllUpToTheHead(feeds, CompletableFuture.allOf(writers.toArray(CompletableFuture[]::new)));
        assertThat(store.log().head()).isEqualTo(320);
    }

    @Test
    void numbers_become_visible_in_order_while_two_stores_append_to_one_database() throws Exception {
        try (Store other = attachStore()) {
            FeedState theirs = other.sources().lease(source.id(), "contacts");
            CompletableFuture<Void> here = appendMany(store, feed);
            CompletableFuture<Void> there = appendMany(other, theirs);

            readsAllUpToTheHead(List.of(feed, theirs), CompletableFuture.allOf(here, there));
            assertThat(store.log().head()).isEqualTo(200);
        }
    }

    private static CompletableFuture<Void> appendMany(Store to, FeedState feed) {
        return CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 50; i++) {
                append(to, feed, change("r" + i, 1), change("s" + i, 1));
            }
        });
    }

    private void readsAllUpToTheHead(List<FeedState> feeds, CompletableFuture<Void> all) throws Exception {
        long seen = 0;
        while (!all.isDone()) {
            long head = store.log().head();
            long counted = 0;
            for (FeedState mine : feeds) {
                counted += seqs(mine.id(), 0, 0).stream()
                        .filter(seq -> seq <= head)
                        .count();
            }
            assertThat(counted).as("all up to %d are visible", head).isEqualTo(head);
            assertThat(head).isGreaterThanOrEqualTo(seen);
            seen = head;
        }
        all.get();
    }

    @Test
    void the_mirror_holds_the_last_version_of_each_record() {
        append(change("a", 1), change("b", 1));
        long last = append(change("a", 2));

        Map<String, MirrorRow> mirror = store.log().mirror(feed.id(), List.of("a", "b", "unknown"));

        assertThat(mirror).containsOnlyKeys("a", "b");
        assertThat(mirror.get("a").seq()).isEqualTo(last);
        assertThat(mirror.get("a").rawHash()).isEqualTo(filled(32, 3));
        assertThat(store.log().mirrored(feed.id())).isEqualTo(2);
        assertThat(store.log().snapshot(feed.id(), 0, 10))
                .extracting(c -> c.recordId() + c.version())
                .containsExactly("bv1", "av2");
    }

    @Test
    void more_records_than_a_statement_takes_are_looked_up() {
        List<NewChange> many = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 1203; i++) {
            many.add(change("r" + i, 1));
            ids.add("r" + i);
        }
        append(many.toArray(NewChange[]::new));

        assertThat(store.log().mirror(feed.id(), ids)).hasSize(1203);
        assertThat(store.log().get(seqs(feed.id(), 0, 0))).hasSize(1000);
    }

    @Test
    void a_poll_with_an_old_lease_is_refused_and_leaves_nothing() {
        FeedState newer = store.sources().lease(source.id(), "deals");

        assertThatThrownBy(() -> append(feed, change("late", 1)))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.LEASE_LOST));

        append(newer, change("good", 1));
        assertThat(records(feed.id(), 0, 0)).containsExactly("good");
        assertThat(store.log().mirror(feed.id(), List.of("late"))).isEmpty();
    }

    @Test
    void a_gap_stays_until_evidence_closes_it() {
        Instant from = clock.instant().minusSeconds(60);
        store.log()
                .commit(new PollCommit(
                        feed,
                        List.of(),
                        List.of(),
                        Optional.of(new NewGap(from, clock.instant(), "the page was full")),
                        List.of()));
        reopen();

        Gap gap = store.sources().gaps(false).get(0);
        assertThat(gap.connection()).isEqualTo("default");
        assertThat(gap.feed()).isEqualTo("deals");
        assertThat(gap.from()).isEqualTo(from);
        assertThat(gap.to()).isEqualTo(clock.instant());
        assertThat(gap.reason()).isEqualTo("the page was full");

        store.sources().closeGap(gap.id(), "the agent list showed them");
        clock.forward(Duration.ofHours(1));
        store.sources().closeGap(gap.id(), "another evidence");

        assertThat(store.sources().gaps(false)).isEmpty();
        assertThat(store.sources().gaps(true).get(0).evidence()).contains("the agent list showed them");
    }

    @Test
    void a_broken_row_is_quarantined_once_however_often_it_comes() {
        for (int poll = 0; poll < 3; poll++) {
            clock.forward(Duration.ofMinutes(1));
            store.log()
                    .commit(new PollCommit(
                            feed,
                            List.of(),
                            List.of(),
                            Optional.empty(),
                            List.of(new QuarantinedRow(filled(32, 9), "no id", body("?", 1)))));
        }

        assertThat(store.sources().quarantine(feed.id(), Instant.EPOCH).rows()).isEqualTo(1);
        assertThat(store.log().quarantined(feed.id())).singleElement().satisfies(row -> {
            assertThat(row.reason()).isEqualTo("no id");
            assertThat(Duration.between(row.firstSeen(), row.lastSeen())).isEqualTo(Duration.ofMinutes(2));
        });
    }

    @Test
    void a_purge_keeps_the_latest_version_of_each_record() {
        long first = append(change("a", 1));
        append(change("a", 2, false, first), change("b", 1));
        clock.forward(Duration.ofDays(31));

        assertThat(store.log().purge(clock.instant().minus(Duration.ofDays(30))))
                .isEqualTo(1);
        assertThat(store.log().get(first)).isEmpty();
        assertThat(store.log().snapshot(feed.id(), 0, 10)).hasSize(2);
    }

    @Test
    void a_purge_keeps_what_is_young() {
        long first = append(change("a", 1));
        append(change("a", 2, false, first));
        clock.forward(Duration.ofDays(29));

        assertThat(store.log().purge(clock.instant().minus(Duration.ofDays(30))))
                .isZero();
    }

    @Test
    void a_purge_keeps_what_a_route_has_not_read() {
        Subscription reader = subscribe("reader", StartFrom.BEGINNING);
        long first = append(change("a", 1));
        long second = append(change("a", 2, false, first));
        append(change("a", 3, false, second));
        moveTo(reader, first);
        clock.forward(Duration.ofDays(31));

        assertThat(store.log().purge(clock.instant())).as("read by all").isEqualTo(1);
        assertThat(seqs(feed.id(), reader.id(), first)).hasSize(2);
    }

    @Test
    void a_purge_keeps_what_is_parked_or_dead() {
        Subscription route = subscribe("route", StartFrom.BEGINNING);
        long parked = append(change("a", 1));
        long dead = append(change("a", 2, false, parked));
        long dropped = append(change("a", 3, false, dead));
        append(change("a", 4, false, dropped));
        save(
                route,
                store.log().head(),
                "",
                List.of(parkedEntry(parked, "a", 1)),
                List.of(),
                List.of(new DeadEntry(dead, "a", 1, "why", ""), new DeadEntry(dropped, "a", 1, "why", "")),
                List.of(),
                0,
                0);
        store.deadLetters().drop(store.deadLetters().list(false).get(0).id());
        clock.forward(Duration.ofDays(31));

        assertThat(store.log().purge(clock.instant())).isEqualTo(1);
        assertThat(store.log().get(List.of(parked, dead, dropped)))
                .extracting(Change::seq)
                .containsExactly(parked, dead);
    }

    @Test
    void a_purge_of_many_removes_them_all_and_frees_their_room() {
        long before = 0;
        for (int version = 1; version <= 60; version++) {
            NewChange[] changes = new NewChange[200];
            for (int record = 0; record < 200; record++) {
                changes[record] = change("r" + record, version);
            }
            before = append(changes);
        }
        long full = store.log().bytes();
        clock.forward(Duration.ofDays(31));

        assertThat(store.log().purge(clock.instant())).isEqualTo(before - 200);
        assertThat(store.log().bytes()).isPositive().isLessThan(full / 2);
    }

    @Test
    void a_poll_keeps_what_it_learnt_of_its_feed() {
        FeedState learnt = new FeedState(
                feed.id(),
                source.id(),
                "deals",
                feed.lease(),
                7,
                feed.startedAt(),
                Optional.of(clock.instant().plusNanos(123_000)),
                true,
                Optional.of(clock.instant().minusSeconds(100)),
                true,
                Optional.of(99),
                List.of(new FeedState.Anchor("a", clock.instant().minusSeconds(1))),
                Optional.of(clock.instant()),
                Optional.of(clock.instant()),
                42,
                100,
                Optional.of("slow"));
        append(learnt, change("a", 1));
        reopen();

        assertThat(store.sources().feed(feed.id())).contains(learnt);
    }
}
