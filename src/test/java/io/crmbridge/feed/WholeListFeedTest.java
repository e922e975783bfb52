package io.crmbridge.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import io.crmbridge.crm.CrmException;
import io.crmbridge.sandbox.Fault;
import io.crmbridge.state.Change;
import io.crmbridge.state.ChangeKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Feeds that list everything and know no since: what changed and what is gone is told by comparing. */
@Timeout(60)
class WholeListFeedTest {
    @TempDir
    private Path folder;

    private ListPolls polls;

    @BeforeEach
    void start() {
        polls = new ListPolls(folder);
    }

    @AfterEach
    void stop() {
        polls.close();
    }

    private List<String> accounts(int count) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(account("Account " + i));
        }
        return ids;
    }

    private String account(String name) {
        return polls.workspace.addSendingAccount(name, name, "a@example.com", true);
    }

    @Test
    void what_is_there_at_the_first_poll_is_the_baseline() {
        List<String> ids = accounts(3);

        polls.start("sending-accounts");

        assertThat(polls.all())
                .extracting(Change::recordId, Change::kind, Change::baseline)
                .containsExactly(
                        tuple(ids.get(0), ChangeKind.UPDATED, true),
                        tuple(ids.get(1), ChangeKind.UPDATED, true),
                        tuple(ids.get(2), ChangeKind.UPDATED, true));
        assertThat(polls.poller.state().historyComplete()).isTrue();
        assertThat(polls.news()).isEmpty();
    }

    @Test
    void a_record_is_created_updated_and_gone() {
        String sequence = polls.sequence("First");
        polls.sequence("Other");
        polls.start("sequences");

        String second = polls.sequence("Second");
        assertThat(polls.news())
                .extracting(Change::recordId, Change::kind, Change::firstSeen)
                .containsExactly(tuple(second, ChangeKind.CREATED, true));

        polls.workspace.updateSequence(sequence, Map.of("name", "Renamed"));
        assertThat(polls.news()).singleElement().satisfies(change -> {
            assertThat(change.kind()).isEqualTo(ChangeKind.UPDATED);
            assertThat(change.changedFields()).contains("name").doesNotContain("status");
        });

        polls.fault()
                .body("[" + row("a") + "," + row("b") + "," + row("c") + "]", "application/json")
                .times(1)
                .arm();
        polls.news();
        polls.fault()
                .body("[" + row("a") + "," + row("b") + "]", "application/json")
                .times(1)
                .arm();
        assertThat(polls.news())
                .filteredOn(change -> change.recordId().equals("c"))
                .singleElement()
                .satisfies(change -> {
                    assertThat(change.kind()).isEqualTo(ChangeKind.GONE);
                    assertThat(new String(change.body())).isEqualTo(row("c"));
                });
    }

    @Test
    void an_account_that_is_removed_is_gone_and_one_that_returns_is_news() {
        accounts(2);
        polls.open("sending-accounts");
        String list = "[" + row("a") + "," + row("b") + "," + row("c") + "]";
        polls.fault().body(list, "application/json").times(1).arm();
        polls.poll();
        polls.fault()
                .body("[" + row("a") + "," + row("b") + "]", "application/json")
                .times(2)
                .arm();
        assertThat(kinds(polls.news())).containsExactly(tuple("c", ChangeKind.GONE));
        assertThat(polls.news()).isEmpty();

        polls.fault().body(list, "application/json").arm();
        assertThat(kinds(polls.news())).containsExactly(tuple("c", ChangeKind.UPDATED));
        assertThat(polls.news()).isEmpty();
        assertThat(polls.store.log().listed(polls.poller.state().id())).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void a_booking_whose_contact_is_gone_is_updated() {
        String contact = polls.contact("Ann");
        String booking = polls.workspace.book(Map.of("title", "Call", "contactId", contact));
        polls.start("bookings");

        polls.workspace.remove("contacts", contact);

        assertThat(kinds(polls.news())).containsExactly(tuple(booking, ChangeKind.UPDATED));
    }

    @Test
    void a_value_that_returns_to_what_it_was_is_a_change_each_time() {
        String sequence = polls.sequence("First");
        polls.start("sequences");
        for (String name : List.of("Second", "First", "Second", "First")) {
            polls.workspace.updateSequence(sequence, Map.of("name", name));

            assertThat(kinds(polls.news())).as(name).containsExactly(tuple(sequence, ChangeKind.UPDATED));
        }
        Set<String> versions =
                Set.copyOf(polls.all().stream().map(Change::version).toList());
        assertThat(versions).as("each observation is a version of its own").hasSize(5);
    }

    @Test
    void other_spellings_of_the_same_content_and_other_orders_are_no_change() {
        polls.open("bookings");
        for (String list : List.of(
                "[{\"id\":\"a\",\"n\":1,\"t\":\"x\"},{\"id\":\"b\"}]",
                "{\"data\":[{\"id\":\"b\"},{\"t\":\"x\",\"n\":1.0, \"id\":\"a\"}]}")) {
            polls.fault().body(list, "application/json").times(1).arm();
            polls.poll();
        }

        assertThat(polls.all()).extracting(Change::recordId).containsExactly("a", "b");
    }

    @Test
    void a_record_that_is_listed_twice_counts_once_and_does_not_flicker() {
        polls.open("bookings");
        polls.fault()
                .body("[{\"id\":\"a\",\"n\":1},{\"id\":\"a\",\"n\":2}]", "application/json")
                .arm();

        polls.poll();
        polls.poll();

        assertThat(polls.all()).hasSize(1);
    }

    @Test
    void an_answer_that_is_none_makes_nothing_gone_and_keeps_the_place() {
        accounts(3);
        polls.start("sending-accounts");
        List<UnaryOperator<Fault>> troubles = List.of(
                f -> f.status(500),
                f -> f.status(401),
                f -> f.status(404),
                Fault::html,
                Fault::resetAfterCommit,
                f -> f.truncate(20),
                f -> f.body("[{", "application/json"),
                f -> f.body("", "application/json"),
                f -> f.body("{}", "application/json"),
                f -> f.errorObject("no"));
        for (int i = 0; i < troubles.size(); i++) {
            troubles.get(i).apply(polls.fault().times(1)).arm();

            assertThat(catchThrowable(polls::poll)).as("trouble %d", i).isInstanceOf(CrmException.class);
            assertThat(polls.news()).as("after trouble %d", i).isEmpty();
        }
        assertThat(polls.store.log().listed(polls.poller.state().id())).hasSize(3);
    }

    @Test
    void a_list_that_is_suddenly_empty_is_believed_when_the_next_poll_says_the_same() {
        accounts(3);
        polls.start("sending-accounts");
        polls.fault().body("[]", "application/json").times(1).arm();

        assertThat(polls.news()).isEmpty();
        assertThat(polls.poller.state().error().orElseThrow())
                .contains("3 of 3")
                .contains("next poll");
        assertThat(polls.news()).as("all are back").isEmpty();
        assertThat(polls.poller.state().error()).isEmpty();

        polls.fault().body("[]", "application/json").arm();
        assertThat(polls.news()).as("empty again, for the first time").isEmpty();
        assertThat(polls.news()).hasSize(3).allMatch(change -> change.kind() == ChangeKind.GONE);
        assertThat(polls.poller.state().error()).isEmpty();
        assertThat(polls.news()).isEmpty();
    }

    @Test
    void a_row_without_an_id_is_put_aside_and_while_it_is_listed_nothing_is_believed_gone() {
        polls.open("bookings");
        String good = row("a") + "," + row("b") + "," + row("c");
        polls.fault().body("[" + good + "]", "application/json").times(1).arm();
        polls.poll();
        polls.fault()
                .body(
                        "[" + row("a") + ",{\"title\":\"of b or c\"}," + row("c") + "," + row("d") + "]",
                        "application/json")
                .times(2)
                .arm();

        assertThat(kinds(polls.news())).containsExactly(tuple("d", ChangeKind.CREATED));
        assertThat(polls.poller.state().error().orElseThrow()).contains("no id");
        assertThat(polls.news()).isEmpty();
        assertThat(polls.store.log().quarantined(polls.poller.state().id())).hasSize(1);

        polls.fault()
                .body("[" + row("a") + "," + row("c") + "," + row("d") + "]", "application/json")
                .arm();
        assertThat(kinds(polls.news())).containsExactly(tuple("b", ChangeKind.GONE));
    }

    @Test
    void a_list_that_may_be_cut_off_makes_nothing_gone() {
        polls.open("sending-accounts");
        List<String> rows = IntStream.range(0, 60).mapToObj(i -> row("a" + i)).toList();
        polls.fault().body(rows.toString(), "application/json").times(1).arm();
        polls.poll();
        polls.fault().body(rows.subList(0, 50).toString(), "application/json").arm();

        assertThat(polls.news()).isEmpty();
        assertThat(polls.news()).isEmpty();
        assertThat(polls.poller.state().error().orElseThrow()).contains("10 ").contains("cut off");
    }

    @Test
    void what_is_gone_is_still_gone_for_a_process_that_starts_anew() {
        polls.open("bookings");
        polls.fault()
                .body("[" + row("a") + "," + row("b") + "," + row("c") + "]", "application/json")
                .times(1)
                .arm();
        polls.poll();
        polls.fault()
                .body("[" + row("a") + "," + row("b") + "]", "application/json")
                .arm();
        polls.poll();

        polls.open("bookings");

        assertThat(polls.news()).isEmpty();
    }

    private static String row(String id) {
        return "{\"id\":\"%s\",\"title\":\"Row %s\"}".formatted(id, id);
    }

    private static List<org.assertj.core.groups.Tuple> kinds(List<Change> changes) {
        return changes.stream()
                .map(change -> tuple(change.recordId(), change.kind()))
                .toList();
    }
}
