package io.crmbridge.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.sandbox.ContactOrder;
import io.crmbridge.state.Change;
import io.crmbridge.state.ChangeKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Contacts beyond the page, recovered from the agent list after a gap. */
@Timeout(60)
class RecoveryTest {
    private static final String AGENT = "/api/agent/contacts";

    @TempDir
    private Path folder;

    private ListPolls polls;

    @BeforeEach
    void start() {
        polls = new ListPolls(folder);
        polls.contact("Before");
        polls.start("contacts");
    }

    @AfterEach
    void stop() {
        polls.close();
    }

    private List<String> contacts(int count) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            polls.clock.advance(Duration.ofMillis(1));
            ids.add(polls.contact("C" + i));
        }
        return ids;
    }

    @Test
    void what_a_page_does_not_show_is_recovered_once_oldest_first_and_the_gap_is_closed_by_it() {
        List<String> ids = contacts(250);

        List<Change> found = polls.news();

        assertThat(found).extracting(Change::recordId).containsExactlyElementsOf(ids);
        assertThat(found).allMatch(change -> change.kind() == ChangeKind.CREATED);
        assertThat(polls.gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.reason()).contains("150 recovered from " + AGENT);
            assertThat(gap.evidence().orElseThrow()).contains("every record with its stamp");
        });
        long calls = polls.workspace.requests(AGENT);
        assertThat(polls.news()).isEmpty();
        assertThat(polls.workspace.requests(AGENT)).isEqualTo(calls);
    }

    @Test
    void without_a_gap_the_agent_list_is_not_read() {
        contacts(90);

        assertThat(polls.news()).hasSize(90);
        assertThat(polls.workspace.requests(AGENT)).isZero();
    }

    @Test
    void an_update_beyond_the_page_is_recovered_by_its_stamp_and_is_no_news_in_its_own_shape() {
        List<String> ids = contacts(150);
        polls.news();
        polls.workspace.update("contacts", ids.get(0), Map.of("title", "Boss"));
        contacts(120);

        List<Change> found = polls.news();
        assertThat(found).hasSize(121);
        assertThat(found.get(0).recordId()).isEqualTo(ids.get(0));
        assertThat(found.get(0).kind()).isEqualTo(ChangeKind.UPDATED);
        assertThat(new String(found.get(0).body())).contains("Boss");

        polls.fault()
                .body("[" + json(ids.get(0)) + "]", "application/json")
                .times(2)
                .arm();
        assertThat(polls.news()).isEmpty();
        polls.sandbox.faults().clear();
        polls.workspace.update("contacts", ids.get(0), Map.of("title", "Chief"));
        assertThat(polls.news())
                .filteredOn(change -> change.recordId().equals(ids.get(0)))
                .singleElement()
                .satisfies(change -> assertThat(new String(change.body())).contains("Chief"));
    }

    private String json(String id) {
        try {
            return new ObjectMapper().writeValueAsString(polls.workspace.get("contacts", id));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void ids_without_a_stamp_are_recovered_and_never_close_the_gap() {
        polls.sandbox.faults().on("GET", AGENT).nullFields("updatedAt").arm();
        List<String> ids = contacts(250);

        assertThat(polls.news()).extracting(Change::recordId).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(polls.gaps())
                .singleElement()
                .satisfies(gap -> assertThat(gap.closedAt()).isEmpty());
    }

    @Test
    void a_list_that_does_not_show_all_leaves_the_gap_open() {
        polls.workspace.contactOrder(ContactOrder.NEWEST);
        contacts(650);

        assertThat(polls.news()).hasSize(500);
        assertThat(polls.gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.reason()).contains("400 recovered");
            assertThat(gap.closedAt()).isEmpty();
        });
    }

    @Test
    void an_agent_list_that_fails_harms_nothing_and_is_read_with_the_next_poll() {
        polls.sandbox.faults().on("GET", AGENT).html().times(1).arm();
        contacts(250);

        assertThat(polls.news()).hasSize(100);
        assertThat(polls.gaps())
                .singleElement()
                .satisfies(gap -> assertThat(gap.closedAt()).isEmpty());
        assertThat(polls.news()).hasSize(150);
        assertThat(polls.gaps())
                .singleElement()
                .satisfies(gap -> assertThat(gap.closedAt()).isPresent());
    }
}
