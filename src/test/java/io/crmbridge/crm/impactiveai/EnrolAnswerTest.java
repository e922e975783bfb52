package io.crmbridge.crm.impactiveai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.crm.Call;
import io.crmbridge.crm.Reply;
import io.crmbridge.crm.Said;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What could go wrong with answers to an enrolment. */
class EnrolAnswerTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ImpactiveAiWrites rules = new ImpactiveAiWrites(
            call -> {
                throw new AssertionError("asks nothing");
            },
            Clock.systemUTC());

    private static Call enrol(String contact) {
        return new Call(
                Operations.find("enrollments", "enroll", Optional.empty()).orElseThrow(),
                Map.of("sequence", "s1"),
                Map.of(),
                Optional.of(JSON.createObjectNode()
                        .set("contactIds", JSON.createArrayNode().add(contact))));
    }

    private List<Said> said(String answer, String... contacts) throws IOException {
        List<Call> calls = Stream.of(contacts).map(EnrolAnswerTest::enrol).toList();
        List<Reply> replies = rules.apart(calls, new Reply(JSON.readTree(answer), Optional.empty()));
        return Stream.iterate(0, i -> i + 1)
                .limit(calls.size())
                .map(i -> rules.said(calls.get(i), replies.get(i)))
                .toList();
    }

    @Test
    void whom_the_answer_names_neither_as_enrolled_nor_as_skipped_is_looked_up() throws IOException {
        assertThat(said("{\"enrolled\":[{\"id\":\"e1\",\"contactId\":\"c1\"}],\"skipped\":[]}", "c1", "c2"))
                .satisfiesExactly(
                        one -> assertThat(one).isInstanceOf(Said.Made.class),
                        two -> assertThat(two).isInstanceOf(Said.Nothing.class));
    }

    @Test
    void an_answer_that_says_nothing_is_looked_up() throws IOException {
        assertThat(said("{}", "c1")).hasOnlyElementsOfType(Said.Nothing.class);
    }
}
