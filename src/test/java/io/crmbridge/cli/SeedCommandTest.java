package io.crmbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.state.ChangeKind;
import io.crmbridge.state.FeedState;
import io.crmbridge.state.MirrorRow;
import io.crmbridge.state.NewChange;
import io.crmbridge.state.PollCommit;
import io.crmbridge.state.Seeds;
import io.crmbridge.state.Store;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code leads seed} as a person calls it. */
@Timeout(60)
class SeedCommandTest {
    private static final String DONE = "new leads are created without asking";

    private final Instant now = Instant.now();

    @TempDir
    private Path folder;

    private Said seed(String... options) {
        List<String> arguments =
                new ArrayList<>(List.of("leads", "seed", file().toString(), "--data", folder.toString()));
        arguments.addAll(Arrays.asList(options));
        return Said.run(arguments.toArray(String[]::new));
    }

    private Path file() {
        return folder.resolve("contacts.csv");
    }

    private void export(Duration ago, String text) throws IOException {
        export(ago, text, StandardCharsets.UTF_8);
    }

    private void export(Duration ago, String text, Charset charset) throws IOException {
        Files.writeString(file(), text, charset);
        Files.setLastModifiedTime(file(), FileTime.from(now.minus(ago)));
    }

    /** As a bridge leaves it that has run for ten hours and has seen what was changed in the last twelve, but for a gap. */
    private void bridgeHasRun(Optional<PollCommit.NewGap> gap, String... addresses) {
        Clock before = Clock.fixed(now.minus(Duration.ofHours(10)), ZoneOffset.UTC);
        try (Store store = Store.open(folder, before)) {
            FeedState feed = store.sources()
                    .lease(store.sources().source("default", "impactiveai").id(), "contacts");
            List<NewChange> changes = Arrays.stream(addresses)
                    .map(address -> new NewChange(
                            "id-" + address,
                            "v1",
                            new byte[32],
                            MirrorRow.noRow(),
                            ChangeKind.CREATED,
                            true,
                            true,
                            List.of(),
                            0,
                            "{\"email\":\"%s\"}".formatted(address).getBytes(StandardCharsets.UTF_8)))
                    .toList();
            FeedState polled = new FeedState(
                    feed.id(),
                    feed.sourceId(),
                    feed.name(),
                    feed.lease(),
                    1,
                    feed.startedAt(),
                    Optional.of(before.instant()),
                    false,
                    Optional.of(before.instant().minus(Duration.ofHours(2))),
                    false,
                    Optional.empty(),
                    List.of(),
                    Optional.of(before.instant()),
                    Optional.of(before.instant()),
                    100,
                    100,
                    Optional.empty());
            store.log()
                    .commit(new PollCommit(
                            polled,
                            changes,
                            changes.stream().map(c -> new byte[MirrorRow.MARK]).toList(),
                            gap,
                            List.of()));
        }
    }

    private Optional<Seeds.Found> found(String address) {
        try (Store store = Store.attach(folder, Clock.systemUTC())) {
            return store.seeds().find(store.sources().sources().get(0).id(), address);
        }
    }

    @Test
    void an_export_that_was_made_after_the_bridge_had_begun_suffices() throws IOException {
        bridgeHasRun(Optional.empty(), "ada@example.com");
        export(Duration.ofHours(1), """
                \uFEFFName; E-Mail ;Contact ID
                "Lovelace; Ada"; Ada@Example.com ;id-ada@example.com
                Bob;bob@example.com;
                Nobody;;c3
                """);

        Said said = seed();

        assertThat(said.err()).isEmpty();
        assertThat(said.out())
                .contains("2 contacts of the export of "
                        + now.minus(Duration.ofHours(1)).toString().substring(0, 19))
                .contains("1 of its lines have no id", "1 lines without an address are skipped", DONE)
                .doesNotContainIgnoringCase("ada@");
        assertThat(said.exit()).isZero();
        assertThat(found("ada@example.com").orElseThrow().ids()).containsExactly("id-ada@example.com");
        assertThat(found("bob@example.com").orElseThrow().ids()).containsExactly(Seeds.NO_ID);
    }

    @Test
    void what_it_found_is_told_as_json_too() throws IOException {
        bridgeHasRun(Optional.empty());
        export(Duration.ZERO, "id,email\n1,a@example.com\n2,\n");

        Said said =
                seed("--json", "--exported-at", now.minus(Duration.ofHours(13)).toString());

        JsonNode report = new ObjectMapper().readTree(said.out());
        assertThat(said.exit()).isEqualTo(1);
        assertThat(report.get("taken").asInt()).isEqualTo(1);
        assertThat(report.get("withoutAddress").asInt()).isEqualTo(1);
        assertThat(report.get("suffices").asBoolean()).isFalse();
        assertThat(report.get("why").asText()).contains("unknown history", "export all contacts again");
    }

    @Test
    void a_gap_is_covered_by_an_export_that_was_made_after_it_and_by_no_other() throws IOException {
        Instant from = now.minus(Duration.ofHours(4));
        bridgeHasRun(Optional.of(new PollCommit.NewGap(from, from.plusSeconds(60), "the page was full")));
        export(Duration.ofHours(5), "id,email\n1,a@example.com\n");

        assertThat(seed().out()).contains("a gap is open", "export all contacts again");
        export(Duration.ofHours(3), "id,email\n1,a@example.com\n");
        assertThat(seed().out()).contains(DONE);
    }

    @Test
    void whether_it_suffices_is_not_known_before_the_bridge_has_run() throws IOException {
        try (Store store = Store.open(folder, Clock.systemUTC())) {
            store.sources().source("default", "impactiveai");
        }
        export(Duration.ofHours(1), "id\temail\n1\ta@example.com\n");

        assertThat(seed().out()).contains("1 contacts", "has not read the contacts");
    }

    @Test
    void windows_text_and_columns_of_other_names_are_read() throws IOException {
        bridgeHasRun(Optional.empty());
        export(Duration.ofHours(1), "Schl\u00fcssel,Adresse\n7,a@example.com\n", Charset.forName("windows-1252"));

        assertThat(seed()).satisfies(said -> {
            assertThat(said.exit()).isEqualTo(2);
            assertThat(said.err()).contains("--email-column").doesNotContain("Adresse");
        });
        assertThat(seed("--email-column", "adresse", "--id-column", "SCHL\u00dcSSEL")
                        .out())
                .contains(DONE);
        assertThat(found("a@example.com").orElseThrow().ids()).containsExactly("7");
    }

    @Test
    void nothing_is_taken_of_a_file_with_a_broken_line_for_who_stands_in_it_would_be_nobody() throws IOException {
        bridgeHasRun(Optional.empty());
        export(Duration.ofHours(1), "id,email\n1,a@example.com\n2,\"b@example.com\n3,c@example.com\n");

        assertThat(seed()).satisfies(said -> {
            assertThat(said.exit()).isEqualTo(1);
            assertThat(said.err()).contains("line 3", "nothing was taken").doesNotContain("b@");
        });
        assertThat(found("a@example.com")).isEmpty();
    }

    @Test
    void ids_that_are_not_those_of_the_api_are_refused() throws IOException {
        bridgeHasRun(Optional.empty(), "a@example.com", "b@example.com");
        export(Duration.ofHours(1), "id,email\n1,a@example.com\n2,b@example.com\n");

        assertThat(seed()).satisfies(said -> {
            assertThat(said.exit()).isEqualTo(1);
            assertThat(said.err()).contains("the ids in", "--id-column");
        });
        assertThat(found("a@example.com")).isEmpty();
    }

    @Test
    void an_export_of_some_contacts_is_refused_unless_a_person_says_it_is_all() throws IOException {
        bridgeHasRun(Optional.empty(), "a@example.com", "b@example.com");
        export(Duration.ofHours(1), "id,email\nid-a@example.com,a@example.com\n");

        assertThat(seed()).satisfies(said -> {
            assertThat(said.exit()).isEqualTo(1);
            assertThat(said.err()).contains("1 of 2 contacts", "without a filter", "--all-contacts");
        });
        assertThat(seed("--all-contacts").out()).contains("1 contacts that the bridge had seen before", DONE);
    }

    @Test
    void a_time_that_is_none_or_in_the_future_is_refused() throws IOException {
        bridgeHasRun(Optional.empty());
        export(Duration.ofHours(-1), "id,email\n1,a@example.com\n");

        assertThat(seed()).satisfies(said -> {
            assertThat(said.exit()).isEqualTo(2);
            assertThat(said.err()).contains("in the future", "--exported-at");
        });
        assertThat(seed("--exported-at", "yesterday").err()).contains("is no time");
        assertThat(seed("--exported-at", "2020-05-01T10:00").out()).contains("unknown history");
        assertThat(seed("--connection", "x").err()).contains("no connection \"x\"");
        Files.delete(file());
        assertThat(seed()).satisfies(said -> {
            assertThat(said.exit()).isEqualTo(2);
            assertThat(said.err()).contains("there is no file");
        });
    }
}
