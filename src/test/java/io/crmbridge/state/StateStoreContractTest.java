package io.crmbridge.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbridge.state.DeadLetters.DeadLetter;
import io.crmbridge.state.ExportLedger.ExportFile;
import io.crmbridge.state.StoreException.Kind;
import io.crmbridge.state.Subscription.StartFrom;
import io.crmbridge.state.Subscriptions.DeadEntry;
import io.crmbridge.state.Subscriptions.ParkedEntry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every backend keeps beside the change log. */
abstract class StateStoreContractTest extends StoreContract {

    @Test
    void a_connection_is_bound_to_its_workspace_and_refuses_another_one() {
        Source bound = store.sources().bind(source.id(), "ws_1", "First");
        assertThat(bound.state()).isEqualTo(Source.State.OK);

        assertThatThrownBy(() -> store.sources().bind(source.id(), "ws_2", "Second"))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.OTHER_WORKSPACE))
                .hasMessageContainingAll("\"default\"", "ws_1 (First)", "ws_2 (Second)", "put the right key back");

        reopen();
        assertThat(store.sources().sources()).singleElement().satisfies(s -> {
            assertThat(s.workspaceId()).contains("ws_1");
            assertThat(s.state()).isEqualTo(Source.State.OK);
        });
        assertThat(store.sources().bind(source.id(), "ws_1", "Renamed").workspaceName())
                .contains("Renamed");
    }

    @Test
    void a_refused_key_is_marked_with_its_time_until_it_is_bound_again() {
        store.sources().bind(source.id(), "ws_1", "First");
        clock.forward(Duration.ofMinutes(1));
        Instant refusedAt = clock.instant();
        store.sources().mark(source.id(), Source.State.REFUSED, Optional.of("401"));

        Source refused = store.sources().sources().get(0);
        assertThat(refused.state()).isEqualTo(Source.State.REFUSED);
        assertThat(refused.reason()).contains("401");
        assertThat(refused.since()).isEqualTo(refusedAt);
        clock.forward(Duration.ofMinutes(1));
        Source back = store.sources().bind(source.id(), "ws_1", "First");
        assertThat(back.reason()).isEmpty();
        assertThat(back.since()).isEqualTo(clock.instant());
    }

    @Test
    void a_source_keeps_its_id_under_its_name() {
        assertThat(store.sources().source("default", "impactiveai").id()).isEqualTo(source.id());
        assertThat(store.sources().source("other", "impactiveai").id()).isNotEqualTo(source.id());
    }

    @Test
    void each_lease_is_higher_than_the_one_before() {
        long lease = feed.lease();
        reopen();

        FeedState again = store.sources().lease(source.id(), "deals");

        assertThat(again.id()).isEqualTo(feed.id());
        assertThat(again.lease()).isGreaterThan(lease);
    }

    @Test
    void a_failed_poll_is_noted_without_moving_the_proven_point() {
        append(change("a", 1));
        Optional<Instant> proven = store.sources().feed(feed.id()).orElseThrow().proven();
        store.sources().note(feed.id(), Optional.of(clock.instant()), Optional.empty(), 3, Optional.of("HTML"));
        reopen();

        FeedState noted = store.sources().feed(feed.id()).orElseThrow();
        assertThat(noted.error()).contains("HTML");
        assertThat(noted.lastPollAt()).contains(clock.instant());
        assertThat(noted.proven()).isEqualTo(proven);
    }

    @Test
    void a_subscription_from_now_begins_at_the_head() {
        append(change("old", 1));
        Subscription s = subscribe("s", StartFrom.NOW);
        append(change("new", 1));

        assertThat(records(feed.id(), s.id(), s.position())).containsExactly("new");
        assertThat(store.subscriptions().waiting(s)).isEqualTo(1);
    }

    @Test
    void a_subscription_from_now_does_not_count_the_feeds_first_page_as_waiting() {
        Subscription now = subscribe("now", StartFrom.NOW);
        Subscription beginning = subscribe("beginning", StartFrom.BEGINNING);
        append(change("a", 1, true, 0), change("b", 1));

        assertThat(store.subscriptions().waiting(now)).isEqualTo(1);
        assertThat(store.subscriptions().waiting(beginning)).isEqualTo(2);
    }

    @Test
    void a_subscription_from_the_beginning_gets_the_oldest_that_is_still_there() {
        append(change("old", 1));
        Subscription s = subscribe("s", StartFrom.BEGINNING);

        assertThat(records(feed.id(), s.id(), s.position())).containsExactly("old");
    }

    @Test
    void a_subscription_from_the_mirror_gets_each_records_latest_version_alone() {
        append(change("a", 1, true, 0), change("b", 1, true, 0));
        append(change("a", 2));
        Subscription other = subscribe("other", StartFrom.NOW);

        Subscription s = subscribe("s", StartFrom.MIRROR);

        assertThat(store.log().read(feed.id(), s.id(), s.position(), 10))
                .extracting(c -> c.recordId() + c.version())
                .containsExactly("bv1", "av2");
        assertThat(records(feed.id(), other.id(), other.position()))
                .as("addressed to s")
                .isEmpty();
        assertThat(store.subscriptions().waiting(s)).isEqualTo(2);
        append(change("c", 1));
        assertThat(records(feed.id(), s.id(), s.position())).containsExactly("b", "a", "c");
        assertThat(records(feed.id(), other.id(), other.position())).containsExactly("c");
    }

    @Test
    void a_subscription_that_is_opened_again_keeps_its_place_and_gets_no_second_mirror() {
        append(change("a", 1));
        Subscription s = subscribe("s", StartFrom.MIRROR);
        moveTo(s, store.log().head());
        reopen();

        Subscription again = subscribe("s", StartFrom.MIRROR);

        assertThat(again.id()).isEqualTo(s.id());
        assertThat(again.position()).isEqualTo(store.log().head());
        assertThat(records(feed.id(), s.id(), again.position())).isEmpty();
    }

    @Test
    void a_place_is_kept_with_what_is_done_above_it() {
        Subscription s = subscribe("s", StartFrom.BEGINNING);
        save(s, 3, "5-7,9", List.of(), List.of(), List.of(), List.of(), 4, 1);
        save(s, 3, "5-7,9,11", List.of(), List.of(), List.of(), List.of(), 2, 0);
        reopen();

        Subscription kept = again(s);
        assertThat(kept.position()).isEqualTo(3);
        assertThat(kept.doneAbove()).isEqualTo("5-7,9,11");
        assertThat(kept.delivered()).isEqualTo(6);
        assertThat(kept.handled()).isEqualTo(1);
        assertThat(kept.lastDeliveredAt()).contains(clock.instant());
    }

    @Test
    void what_is_parked_is_kept_with_its_try_its_reason_and_its_effects() {
        Subscription s = subscribe("s", StartFrom.BEGINNING);
        ParkedEntry first = parkedEntry(1, "a", 1);
        ParkedEntry second = new ParkedEntry(2, "b", 7, 3, clock.instant().plusSeconds(9), "slow", "");
        save(s, 2, "", List.of(second, first), List.of(), List.of(), List.of(), 0, 0);
        reopen();
        assertThat(store.subscriptions().parked(s.id())).containsExactly(first, second);

        ParkedEntry later = parkedEntry(1, "a", 2);
        save(s, 2, "", List.of(later), List.of(2L), List.of(), List.of(), 1, 0);

        assertThat(store.subscriptions().parked(s.id())).containsExactly(later);
    }

    @Test
    void a_dead_entry_becomes_a_dead_letter() {
        long seq = append(change("a", 1));
        Subscription s = subscribe("s", StartFrom.BEGINNING);
        save(s, seq, "", List.of(), List.of(), List.of(new DeadEntry(seq, "a", 12, "500", "e1")), List.of(), 0, 0);
        reopen();

        assertThat(store.deadLetters().list(false)).singleElement().satisfies(letter -> {
            assertThat(letter.route()).isEqualTo("s");
            assertThat(letter.feed()).isEqualTo("deals");
            assertThat(letter.seq()).isEqualTo(seq);
            assertThat(letter.recordId()).isEqualTo("a");
            assertThat(letter.attempts()).isEqualTo(12);
            assertThat(letter.reason()).isEqualTo("500");
            assertThat(letter.diedAt()).isEqualTo(clock.instant());
            assertThat(letter.state()).isEqualTo(DeadLetters.State.DEAD);
        });
    }

    @Test
    void a_replayed_dead_letter_is_parked_again_with_its_effects_and_only_once() {
        Subscription s = subscribe("s", StartFrom.BEGINNING);
        save(s, 5, "", List.of(), List.of(), List.of(new DeadEntry(5, "a", 12, "500", "e1 e2")), List.of(), 0, 0);
        long id = store.deadLetters().list(false).get(0).id();

        assertThat(store.deadLetters().replay(id)).isTrue();

        assertThat(store.subscriptions().parked(s.id())).singleElement().satisfies(entry -> {
            assertThat(entry.seq()).isEqualTo(5);
            assertThat(entry.attempts()).isZero();
            assertThat(entry.effects()).isEqualTo("e1 e2");
            assertThat(entry.nextTryAt()).isEqualTo(clock.instant());
        });
        assertThat(store.deadLetters().replay(id)).isFalse();
        assertThat(store.deadLetters().drop(id)).isFalse();
        assertThat(store.deadLetters().list(false)).isEmpty();
        assertThat(store.deadLetters().get(id).map(DeadLetter::state)).contains(DeadLetters.State.REPLAYED);
    }

    @Test
    void a_dropped_dead_letter_stays_on_record_and_is_final() {
        Subscription s = subscribe("s", StartFrom.BEGINNING);
        save(s, 5, "", List.of(), List.of(), List.of(new DeadEntry(5, "a", 1, "bad", "")), List.of(), 0, 0);
        long id = store.deadLetters().list(false).get(0).id();

        assertThat(store.deadLetters().drop(id)).isTrue();

        assertThat(store.deadLetters().replay(id)).isFalse();
        assertThat(store.subscriptions().parked(s.id())).isEmpty();
        assertThat(store.deadLetters().list(false)).isEmpty();
        assertThat(store.deadLetters().list(true))
                .extracting(DeadLetter::state)
                .containsExactly(DeadLetters.State.DROPPED);
        assertThat(store.deadLetters().replay(id + 1)).isFalse();
    }

    @Test
    void a_batchs_boundaries_are_kept_until_it_ends() {
        Subscription s = subscribe("s", StartFrom.BEGINNING);
        store.subscriptions().begin(s.id(), List.of(List.of(1L, 2L, 5L), List.of(3L, 4L)));
        reopen();
        assertThat(store.subscriptions().batches(s.id())).containsExactly(List.of(1L, 2L, 5L), List.of(3L, 4L));

        save(s, 2, "5", List.of(), List.of(), List.of(), List.of(1L), 3, 0);

        assertThat(store.subscriptions().batches(s.id())).containsExactly(List.of(3L, 4L));
    }

    @Test
    void routes_of_a_bundle_are_on_record_also_when_they_leave_it() {
        Map<String, Optional<String>> routes = new LinkedHashMap<>();
        routes.put("a", Optional.empty());
        routes.put("b", Optional.of("no target"));
        store.subscriptions().routes("default", routes);
        store.subscriptions().pauseRoute("default", "a", true);
        store.subscriptions().routes("default", Map.of("a", Optional.empty()));
        reopen();

        assertThat(store.subscriptions().routes())
                .containsExactly(
                        new Subscriptions.Route("default", "a", Optional.empty(), true),
                        new Subscriptions.Route(
                                "default", "b", Optional.of("it is not in the bundle any more"), false));
    }

    @Test
    void a_paused_route_pauses_its_places_and_resumes_them() {
        store.subscriptions().routes("default", Map.of("s", Optional.empty()));
        Subscription s = subscribe("s", StartFrom.NOW);
        store.subscriptions().pauseRoute("default", "s", true);
        reopen();
        assertThat(again(s).state()).isEqualTo(Subscription.State.PAUSED);

        store.subscriptions().pauseRoute("default", "s", false);

        assertThat(again(s).state()).isEqualTo(Subscription.State.ACTIVE);
        assertThat(again(s).reason()).isEmpty();
    }

    @Test
    void the_ledger_knows_keys_files_and_lengths_after_a_restart() {
        ExportFile file = store.exports().open("deals", "deals.csv", Optional.of("id\nname"));
        store.exports().written(file.id(), List.of("k1", "k2"), 120, 2);
        reopen();

        assertThat(store.exports().known(List.of("k1", "k2", "k3"))).containsExactlyInAnyOrder("k1", "k2");
        assertThat(store.exports().unfinished()).singleElement().satisfies(kept -> {
            assertThat(kept.bytes()).isEqualTo(120);
            assertThat(kept.entries()).isEqualTo(2);
            assertThat(kept.columns()).contains("id\nname");
            assertThat(kept.state()).isEqualTo(ExportLedger.State.OPEN);
        });
        store.exports().closing(file.id());
        assertThat(store.exports().unfinished().get(0).state()).isEqualTo(ExportLedger.State.CLOSING);
        store.exports().closed(file.id());
        assertThat(store.exports().unfinished()).isEmpty();
        assertThat(store.exports().recent(5)).hasSize(1);
    }

    @Test
    void a_key_that_is_recorded_twice_is_refused_with_all_that_came_with_it() {
        ExportFile file = store.exports().open("deals", "deals.csv", Optional.empty());
        store.exports().written(file.id(), List.of("k1"), 10, 1);

        assertThatThrownBy(() -> store.exports().written(file.id(), List.of("k2", "k1"), 30, 3))
                .isInstanceOf(StoreException.class);

        assertThat(store.exports().known(List.of("k2"))).isEmpty();
        assertThat(store.exports().unfinished().get(0).bytes()).isEqualTo(10);
    }

    @Test
    void a_command_is_open_until_it_is_answered() {
        long id = store.commands().ask("pause", "deals");
        assertThat(store.commands().open()).containsExactly(new Commands.Command(id, "pause", "deals"));
        assertThat(store.commands().result(id)).isEmpty();

        store.commands().done(id, "done");

        assertThat(store.commands().open()).isEmpty();
        assertThat(store.commands().result(id)).contains("done");
    }

    @Test
    void a_place_that_nothing_uses_expires_with_what_waits_there_and_frees_the_log() {
        Subscription gone = subscribe("gone", StartFrom.BEGINNING);
        Subscription here = subscribe("here", StartFrom.BEGINNING);
        long first = append(change("a", 1));
        long second = append(change("a", 2, false, first));
        long third = append(change("a", 3, false, second));
        save(
                gone,
                first,
                "",
                List.of(parkedEntry(first, "a", 1)),
                List.of(),
                List.of(new DeadEntry(second, "a", 1, "why", "")),
                List.of(),
                0,
                0);
        moveTo(here, third);
        clock.forward(Duration.ofDays(31));
        assertThat(store.log().purge(clock.instant())).as("the place holds it").isZero();

        assertThat(store.subscriptions()
                        .expire(List.of(here.id()), clock.instant().minus(Duration.ofDays(30))))
                .containsExactly(new Subscriptions.Expired("default", "gone", feed.id(), first, 1, 1));

        reopen();
        assertThat(store.subscriptions().all()).extracting(Subscription::name).containsExactly("here");
        assertThat(store.subscriptions().parked(gone.id())).isEmpty();
        assertThat(store.deadLetters().list(true)).isEmpty();
        assertThat(store.log().purge(clock.instant())).isEqualTo(2);
    }

    @Test
    void a_place_that_is_used_does_not_expire_however_long_its_route_runs() {
        Subscription here = subscribe("here", StartFrom.BEGINNING);
        clock.forward(Duration.ofDays(29));
        store.subscriptions().expire(List.of(here.id()), clock.instant().minus(Duration.ofDays(30)));
        clock.forward(Duration.ofDays(29));

        assertThat(store.subscriptions().expire(List.of(), clock.instant().minus(Duration.ofDays(30))))
                .isEmpty();
        assertThat(store.subscriptions().all()).hasSize(1);
    }

    @Test
    void a_schedule_keeps_its_last_fire_and_how_it_ended() {
        Instant begin = clock.instant();
        Instant due = begin.plusSeconds(60);
        Optional<Instant> next = Optional.of(begin.plusSeconds(120));
        store.schedules().plan("default", "report", Optional.of(due));
        clock.forward(Duration.ofSeconds(61));
        store.schedules().fired("default", "report", due, next);
        reopen();

        assertThat(store.schedules().all()).singleElement().satisfies(running -> {
            assertThat(running.since()).isEqualTo(begin);
            assertThat(running.due()).contains(due);
            assertThat(running.fired()).contains(clock.instant());
            assertThat(running.ended()).as("it runs").isEmpty();
            assertThat(running.next()).isEqualTo(next);
        });
        store.schedules().postponed("default", "report", due, "the mail server is down", "k1 k2");
        store.schedules().fired("default", "report", due, next);
        reopen();
        assertThat(store.schedules().all()).singleElement().satisfies(again -> {
            assertThat(again.ended()).isEmpty();
            assertThat(again.attempts()).isEqualTo(2);
            assertThat(again.effects()).isEqualTo("k1 k2");
        });
        store.schedules().ended("default", "report", due, Optional.of("the mail server is down"));
        Schedules.Schedule failed = store.schedules().plan("default", "report", next);
        assertThat(failed.ended()).contains(clock.instant());
        assertThat(failed.failure()).contains("the mail server is down");
        assertThat(failed.succeeded()).isEmpty();

        store.schedules().fired("default", "report", due.plusSeconds(60), Optional.empty());
        store.schedules().ended("default", "report", due.plusSeconds(60), Optional.empty());
        Schedules.Schedule well = store.schedules().all().get(0);
        assertThat(well.failure()).isEmpty();
        assertThat(well.succeeded()).contains(clock.instant());
        assertThat(well.next()).isEmpty();
        assertThat(well.attempts()).isEqualTo(1);
        assertThat(well.effects()).as("of another fire").isEmpty();
    }

    @Test
    void a_key_is_seen_in_its_scope_until_it_is_removed() {
        store.seen().add("overdue", List.of("k1", "k2"));
        store.seen().add("overdue", List.of("k2", "k3"));
        store.seen().add("other", List.of("k4"));
        reopen();

        assertThat(store.seen().known("overdue", List.of("k1", "k2", "k3", "k4")))
                .containsExactlyInAnyOrder("k1", "k2", "k3");
        store.seen().remove("overdue", "k1");
        assertThat(store.seen().known("overdue", List.of("k1", "k2"))).containsExactly("k2");
        store.seen().clear("overdue");
        assertThat(store.seen().known("overdue", List.of("k2", "k3"))).isEmpty();
        assertThat(store.seen().known("other", List.of("k4"))).containsExactly("k4");
    }

    @Test
    void what_others_wrote_with_a_nul_in_it_harms_nothing() {
        assertThat(store.sources().bind(source.id(), "ws_1", "Fir\0st").workspaceName())
                .hasValueSatisfying(name -> assertThat(name).startsWith("Fir").endsWith("st"));
        Subscription s = subscribe("s", StartFrom.BEGINNING);
        save(
                s,
                1,
                "",
                List.of(new ParkedEntry(1, "a", 0, 1, clock.instant(), "an\0swer", "")),
                List.of(),
                List.of(),
                List.of(),
                0,
                0);
        NewChange plain = change("a", 1);
        append(new NewChange(
                "a",
                "v1",
                plain.hash(),
                plain.rawHash(),
                ChangeKind.UPDATED,
                false,
                false,
                List.of("na\0me"),
                0,
                "{\"na\\u0000me\":1}".getBytes(StandardCharsets.UTF_8)));

        assertThat(store.subscriptions().parked(s.id()).get(0).reason()).startsWith("an");
        assertThat(store.log().read(feed.id(), 0, 0, 1).get(0).changedFields()).hasSize(1);
    }

    @Test
    void an_error_does_not_show_what_was_written() {
        Subscription s = subscribe("s", StartFrom.BEGINNING);
        ParkedEntry refused = new ParkedEntry(1, "ada@example.com", 0, 1, clock.instant(), "why", null);

        assertThatThrownBy(() -> save(s, 1, "", List.of(refused), List.of(), List.of(), List.of(), 0, 0))
                .satisfies(e -> {
                    StringWriter text = new StringWriter();
                    e.printStackTrace(new PrintWriter(text));
                    assertThat(text.toString()).contains("StoreException").doesNotContain("ada@");
                });
    }

    @Test
    void a_closed_store_says_so_and_does_not_hang() {
        store.close();

        assertThatThrownBy(() -> store.commands().ask("pause", "x"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("closed");
        store = openStore();
    }
}
