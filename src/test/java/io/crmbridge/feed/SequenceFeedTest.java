package io.crmbridge.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.crmbridge.crm.CrmException;
import io.crmbridge.sandbox.Fault;
import io.crmbridge.state.Change;
import io.crmbridge.state.ChangeKind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The proof of a poll on the feeds of one sequence. */
@Timeout(60)
class SequenceFeedTest {
    @TempDir
    private Path folder;

    private ListPolls polls;
    private String sequence;

    @BeforeEach
    void start() {
        polls = new ListPolls(folder);
        sequence = polls.sequence("Welcome");
    }

    @AfterEach
    void stop() {
        polls.close();
    }

    private String member(String name) {
        String contact = polls.contact(name);
        polls.workspace.enroll(sequence, contact);
        return contact;
    }

    private String reply(String contact) {
        polls.clock.advance(Duration.ofMillis(1));
        return polls.workspace.reply(contact, "Re", "Text", null);
    }

    // --- replies and sends: newest first, at most 500, since inclusive ---

    @Test
    void a_reply_is_delivered_once_and_stamped_by_its_date() {
        String ann = member("Ann");
        reply(ann);
        polls.start("replies", sequence);
        String second = reply(ann);

        assertThat(polls.news()).singleElement().satisfies(change -> {
            assertThat(change.recordId()).isEqualTo(second);
            assertThat(change.kind()).isEqualTo(ChangeKind.CREATED);
            assertThat(Instant.parse(change.version()))
                    .isEqualTo(polls.clock.instant().minus(Duration.ofMinutes(1)));
        });
        assertThat(polls.news()).isEmpty();
        assertThat(polls.poller.state().name()).isEqualTo("replies/" + sequence);
    }

    @Test
    void a_reply_with_the_date_of_the_newest_one_is_found() {
        String ann = member("Ann");
        reply(ann);
        Instant at = polls.clock.instant();
        polls.start("replies", sequence);

        String tie = polls.workspace.reply(ann, "Re", "At the same time", at);

        assertThat(polls.news()).extracting(Change::recordId).containsExactly(tie);
    }

    @Test
    void more_replies_than_a_page_shows_give_the_newest_and_one_gap() {
        String ann = member("Ann");
        reply(ann);
        polls.start("replies", sequence);
        Instant proven = polls.poller.state().proven().orElseThrow();
        List<String> ids = IntStream.range(0, 700).mapToObj(i -> reply(ann)).toList();

        assertThat(polls.news()).extracting(Change::recordId).containsExactlyElementsOf(ids.subList(200, 700));

        assertThat(polls.gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.feed()).isEqualTo("replies/" + sequence);
            assertThat(gap.from()).isEqualTo(proven);
        });
    }

    @Test
    void a_full_page_that_reaches_below_what_was_seen_is_no_gap() {
        String ann = member("Ann");
        IntStream.range(0, 300).forEach(i -> reply(ann));
        polls.start("replies", sequence);
        IntStream.range(0, 498).forEach(i -> reply(ann));

        assertThat(polls.news()).hasSize(498);
        assertThat(polls.gaps()).isEmpty();
    }

    @Test
    void a_server_that_shows_fewer_replies_than_documented_is_found_out() {
        String ann = member("Ann");
        polls.open("replies", sequence);
        polls.fault().cap(166).arm();
        IntStream.range(0, 500).forEach(i -> reply(ann));
        polls.poll();
        IntStream.range(0, 171).forEach(i -> reply(ann));

        assertThat(polls.news()).hasSize(166);
        assertThat(polls.gaps()).hasSize(1);
        assertThat(polls.poller.state().learntCap()).contains(166);
    }

    /** Their replies leave the list, which is no sign of a page that was cut off. */
    @Test
    void who_leaves_a_sequence_opens_no_gap_in_its_replies() {
        String ann = member("Ann");
        String ben = member("Ben");
        reply(ann);
        reply(ben);
        polls.start("replies", sequence);

        polls.workspace.unenroll(sequence, ann);
        assertThat(polls.news()).isEmpty();
        polls.open("replies", sequence);
        String last = reply(ben);
        assertThat(polls.news()).extracting(Change::recordId).containsExactly(last);
        polls.workspace.unenroll(sequence, ben);
        assertThat(polls.news()).isEmpty();

        assertThat(polls.gaps()).isEmpty();
        assertThat(polls.poller.state().learntCap()).isEmpty();
    }

    @Test
    void a_send_is_delivered_once_and_stays_when_its_contact_leaves() {
        polls.start("sends", sequence);
        String ann = member("Ann");
        member("Ben");
        assertThat(polls.workspace.sendDue()).isEqualTo(2);

        assertThat(polls.news()).hasSize(2).allMatch(change -> change.kind() == ChangeKind.CREATED);
        assertThat(polls.news()).isEmpty();

        polls.workspace.unenroll(sequence, ann);
        assertThat(polls.news()).singleElement().satisfies(change -> {
            assertThat(change.kind()).isEqualTo(ChangeKind.UPDATED);
            assertThat(change.changedFields()).containsExactly("sequenceEnrollmentId");
        });
        assertThat(polls.gaps()).isEmpty();
    }

    // --- enrolments: all of them, in any order, since exclusive ---

    @Test
    void an_enrolment_is_created_updated_and_gone() {
        member("Before");
        polls.start("enrollments", sequence);
        String ann = member("Ann");
        member("Ben");
        String id = String.valueOf(polls.workspace.enrollment(sequence, ann).get("id"));

        assertThat(polls.news())
                .extracting(Change::kind)
                .containsOnly(ChangeKind.CREATED)
                .hasSize(2);

        polls.workspace.unsubscribe(sequence, ann);
        assertThat(polls.news()).singleElement().satisfies(change -> {
            assertThat(change.recordId()).isEqualTo(id);
            assertThat(change.changedFields()).contains("status");
        });

        polls.workspace.unenroll(sequence, ann);
        assertThat(polls.news()).extracting(Change::recordId, Change::kind).containsExactly(tuple(id, ChangeKind.GONE));
        assertThat(polls.news()).isEmpty();
    }

    @Test
    void a_long_list_is_asked_for_what_changed_and_an_overlap() {
        List<String> members = members(120);
        polls.start("enrollments", sequence);
        polls.clock.advance(Duration.ofHours(1));
        polls.workspace.unsubscribe(sequence, members.get(7));
        polls.poll();
        assertThat(polls.poll().rows()).as("of 120").isEqualTo(1);

        polls.workspace.unsubscribe(sequence, members.get(9));
        FeedPoller.Report report = polls.poll();

        assertThat(report.rows())
                .as("the new one and the one before, read again")
                .isEqualTo(2);
        assertThat(report.changes()).isEqualTo(1);
    }

    @Test
    void where_a_row_of_the_overlap_is_missing_the_whole_list_tells_whether_it_is_gone() {
        List<String> members = members(120);
        polls.start("enrollments", sequence);
        polls.clock.advance(Duration.ofHours(1));
        polls.workspace.unsubscribe(sequence, members.get(7));
        polls.poll();
        long calls = polls.workspace.requests(polls.contract.path());

        polls.workspace.unenroll(sequence, members.get(7));
        assertThat(polls.news()).extracting(Change::kind).containsExactly(ChangeKind.GONE);
        assertThat(polls.workspace.requests(polls.contract.path()) - calls).isEqualTo(2);
        assertThat(polls.gaps()).isEmpty();
    }

    @Test
    void who_is_gone_from_a_long_list_is_found_by_the_twelfth_poll() {
        List<String> members = members(120);
        polls.start("enrollments", sequence);
        polls.clock.advance(Duration.ofHours(1));
        polls.poll();
        polls.workspace.unenroll(sequence, members.get(50));

        List<Change> found = new ArrayList<>();
        for (int poll = 3; poll <= 12; poll++) {
            found.addAll(polls.news());
        }

        assertThat(found).extracting(Change::kind).containsExactly(ChangeKind.GONE);
    }

    @Test
    void an_enrolment_that_commits_late_within_lateness_is_found_and_one_without_an_order_too() {
        members(3);
        polls.start("enrollments", sequence);
        Instant proven = polls.poller.state().proven().orElseThrow();
        String late = "{\"id\":\"late\",\"updatedAt\":\"%s\"}".formatted(proven.minusSeconds(200));
        String rows = polls.workspace.enrollments(sequence).stream()
                .map(row ->
                        "{\"id\":\"%s\",\"updatedAt\":\"%s\",\"x\":1}".formatted(row.get("id"), row.get("updatedAt")))
                .toList()
                .toString();
        polls.fault()
                .body(rows.replace("]", "," + late + "]"), "application/json")
                .times(1)
                .arm();

        assertThat(polls.news()).extracting(Change::recordId).contains("late");
        assertThat(polls.poller.state().error()).isEmpty();
        assertThat(polls.poller.state().proven()).contains(proven);
    }

    @Test
    void a_list_of_enrolments_that_is_cut_off_is_a_gap_and_makes_nobody_gone() {
        members(120);
        polls.start("enrollments", sequence);
        polls.fault().cap(100).arm();
        polls.clock.advance(Duration.ofHours(1));
        polls.workspace.unsubscribe(sequence, members(1).get(0));
        for (int poll = 2; poll <= 12; poll++) {
            assertThat(polls.news()).noneMatch(change -> change.kind() == ChangeKind.GONE);
        }

        assertThat(polls.gaps()).hasSize(1);
        assertThat(polls.gaps().get(0).reason()).contains("cut off");
    }

    @Test
    void an_answer_that_is_none_makes_nobody_gone_and_keeps_the_place() {
        members(3);
        polls.start("enrollments", sequence);
        List<UnaryOperator<Fault>> troubles = List.of(
                f -> f.status(500),
                Fault::html,
                f -> f.truncate(50),
                Fault::resetAfterCommit,
                f -> f.body("{}", "application/json"));
        for (UnaryOperator<Fault> trouble : troubles) {
            trouble.apply(polls.fault().times(1)).arm();

            assertThat(catchThrowable(polls::poll)).isInstanceOf(CrmException.class);
            assertThat(polls.news()).isEmpty();
        }
    }

    @Test
    void an_enrolment_without_a_stamp_is_put_aside_and_is_not_gone() {
        String ann = member("Ann");
        member("Ben");
        polls.start("enrollments", sequence);
        Map<String, Object> row = polls.workspace.enrollment(sequence, ann);
        polls.fault().nullFields("updatedAt").times(1).arm();

        assertThat(polls.news()).isEmpty();
        assertThat(polls.store.log().quarantined(polls.poller.state().id())).hasSize(2);
        assertThat(row).isNotEmpty();
        assertThat(polls.news()).isEmpty();
    }

    @Test
    void a_count_that_lastingly_differs_from_the_list_of_sequences_is_told_until_they_agree() {
        members(4);
        polls.start("sequences");
        FeedPoller sequences = polls.poller;
        polls.start("enrollments", sequence);
        polls.workspace.enroll(sequence, polls.contact("Eve"));
        sequences.poll();
        String short4 = polls.workspace.enrollments(sequence).stream()
                .limit(4)
                .map(row -> "{\"id\":\"%s\",\"updatedAt\":\"%s\"}".formatted(row.get("id"), row.get("updatedAt")))
                .toList()
                .toString();
        polls.fault().body(short4, "application/json").arm();
        polls.poll();
        assertThat(polls.poller.state().error())
                .as("it may be the order of the polls")
                .isEmpty();
        polls.poll();
        assertThat(polls.poller.state().error())
                .as("the list of sequences was not read anew")
                .isEmpty();

        polls.clock.advance(Duration.ofMinutes(5));
        sequences.poll();
        // A poll that learnt nothing is noted a little later.
        await().until(() -> polls.store.sources().feeds().stream()
                .filter(feed -> feed.name().equals("sequences"))
                .allMatch(feed -> feed.freshAt().equals(Optional.of(polls.clock.instant()))));
        polls.poll();
        assertThat(polls.poller.state().error().orElseThrow())
                .contains("counts 5")
                .contains("show 4");
        await().untilAsserted(() -> assertThat(Causes.of(polls.store, polls.clock.instant()))
                .singleElement()
                .satisfies(cause -> {
                    assertThat(cause.kind()).isEqualTo(Cause.MISMATCH);
                    assertThat(cause.lasting()).isTrue();
                }));

        polls.sandbox.faults().clear();
        polls.poll();
        assertThat(polls.poller.state().error()).isEmpty();
        await().untilAsserted(() ->
                assertThat(Causes.of(polls.store, polls.clock.instant())).isEmpty());
    }

    private List<String> members(int count) {
        List<String> members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            polls.clock.advance(Duration.ofMillis(1));
            members.add(member("M" + i));
        }
        return members;
    }
}
