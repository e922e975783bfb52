package io.crmbridge.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.crmbridge.state.Deployment.Action;
import io.crmbridge.state.Deployment.Difference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was deployed survives whatever ends the process, and is never half. */
@Timeout(30)
class DeploymentsTest {
    private static final Difference NONE = new Difference(List.of(), List.of(), List.of());

    @TempDir
    private Path data;

    private final HandClock clock = new HandClock();
    private Deployments deployments;

    @BeforeEach
    void open() {
        deployments = new Deployments(data, clock);
    }

    private static String sha256(int content) {
        return "%064x".formatted(content);
    }

    private Path history() {
        return data.resolve("bundles/deployments.jsonl");
    }

    private Deployment record(int content) {
        try (DeploymentTurn turn = deployments.turn()) {
            return record(turn, content);
        }
    }

    private static Deployment record(DeploymentTurn turn, int content) {
        return turn.record("ann", Action.DEPLOY, "deals", "1.0." + content, sha256(content), NONE, NONE);
    }

    private void deploy(int content) {
        try (DeploymentTurn turn = deployments.turn()) {
            turn.keep(sha256(content), new byte[] {(byte) content});
            turn.unpack(sha256(content), folder -> Files.writeString(folder.resolve("f"), "x"));
            record(turn, content);
            turn.prune(Set.of(sha256(content)));
        }
    }

    @Test
    void nothing_is_deployed_in_a_folder_that_is_not_there() {
        Deployments none = new Deployments(data.resolve("none"), clock);

        assertThat(none.history()).isEmpty();
        assertThat(none.current()).isEmpty();
        assertThat(data.resolve("none")).doesNotExist();
    }

    @Test
    void the_last_line_is_what_runs_and_lines_are_numbered() {
        record(7);
        clock.forward(Duration.ofHours(1));
        Difference routes =
                Difference.between(Map.of("a", "1", "b", "1", "c", "1"), Map.of("b", "2", "c", "1", "d", "1"));
        Deployment second;
        try (DeploymentTurn turn = deployments.turn()) {
            second = turn.record("ben", Action.ROLLBACK, "deals", "2.0.0", sha256(8), NONE, routes);
        }

        assertThat(routes).isEqualTo(new Difference(List.of("d"), List.of("b"), List.of("a")));
        Deployments again = new Deployments(data, clock);
        assertThat(again.current()).contains(second);
        assertThat(second.at()).isEqualTo("2026-03-01T11:00:00Z");
        assertThat(again.history()).extracting(Deployment::number).containsExactly(1L, 2L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"number\":2,\"at\":\"2026", "{\"number\":2,\n", "\0\0\0\0\0\0", "\0\0\0\n"})
    void what_a_crash_left_of_a_line_is_ignored_and_the_next_line_heals_it(String torn) throws IOException {
        Deployment first = record(1);
        Files.writeString(history(), torn, StandardOpenOption.APPEND);

        assertThat(deployments.current()).contains(first);

        Deployment second = record(2);
        assertThat(second.number()).isEqualTo(2);
        assertThat(deployments.history()).containsExactly(first, second);
        assertThat(Files.readString(history())).doesNotContain("\0").endsWith("}\n");
        assertThat(Files.readAllLines(history())).hasSize(2);
    }

    @Test
    void a_line_is_whole_or_not_there_wherever_it_is_cut() throws IOException {
        Deployment first = record(1);
        byte[] before = Files.readAllBytes(history());
        Deployment second = record(2);
        byte[] after = Files.readAllBytes(history());

        for (int length = before.length; length < after.length; length++) {
            Files.write(history(), Arrays.copyOf(after, length));
            assertThat(deployments.current()).contains(first);
        }
        Files.write(history(), after);
        assertThat(deployments.current()).contains(second);
    }

    @Test
    void a_broken_line_before_others_is_told_and_nothing_is_guessed() throws IOException {
        record(1);
        String first = Files.readString(history());
        Files.writeString(history(), "nonsense\n" + first);

        assertThatThrownBy(deployments::current)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("line 1 of " + history())
                .hasMessageContaining("from a backup");
    }

    @Test
    void a_line_that_cannot_be_written_is_told_and_what_ran_still_does() throws IOException {
        Files.createDirectories(history());
        try (DeploymentTurn turn = deployments.turn()) {
            assertThatThrownBy(() -> record(turn, 1))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("deployments.jsonl cannot be");
        }
        Files.delete(history());
        assertThat(deployments.current()).isEmpty();
    }

    @Test
    void a_content_is_there_as_a_whole_or_not_at_all() {
        try (DeploymentTurn turn = deployments.turn()) {
            assertThatThrownBy(() -> turn.unpack(sha256(1), folder -> {
                        Files.writeString(folder.resolve("a"), "a");
                        throw new IOException("the disk is full");
                    }))
                    .isInstanceOf(StoreException.class);
            assertThat(deployments.folder(sha256(1))).doesNotExist();

            turn.unpack(sha256(1), folder -> Files.writeString(folder.resolve("b"), "b"));
            assertThat(deployments.folder(sha256(1)).resolve("b")).hasContent("b");
            assertThat(deployments.folder(sha256(1)).resolve("a")).doesNotExist();

            assertThat(deployments.zip(sha256(1))).isEmpty();
            turn.keep(sha256(1), new byte[] {1, 2});
            assertThat(deployments.zip(sha256(1)))
                    .hasValueSatisfying(zip -> assertThat(zip).containsExactly(1, 2));
        }
    }

    @Test
    void the_last_20_contents_are_kept_and_the_history_of_all() {
        for (int content = 1; content <= 25; content++) {
            deploy(content);
        }

        assertThat(deployments.history()).hasSize(25);
        for (int content = 1; content <= 25; content++) {
            boolean kept = content > 5;
            assertThat(deployments.zip(sha256(content)).isPresent()).isEqualTo(kept);
            assertThat(Files.exists(deployments.folder(sha256(content)))).isEqualTo(kept);
        }
    }

    @Test
    void what_runs_is_kept_however_old_it_is() {
        for (int content = 1; content <= 22; content++) {
            record(content);
        }
        try (DeploymentTurn turn = deployments.turn()) {
            turn.keep(sha256(1), new byte[1]);
            turn.keep(sha256(2), new byte[1]);
            turn.prune(Set.of(sha256(1)));
        }

        assertThat(deployments.zip(sha256(1))).isPresent();
        assertThat(deployments.zip(sha256(2))).isEmpty();
    }

    @Test
    void what_was_kept_and_refused_goes_after_an_hour() throws IOException {
        try (DeploymentTurn turn = deployments.turn()) {
            turn.keep(sha256(1), new byte[1]);
            turn.keep(sha256(2), new byte[1]);
            Path old = data.resolve("bundles/" + sha256(1) + ".zip");
            Path fresh = data.resolve("bundles/" + sha256(2) + ".zip");
            Files.setLastModifiedTime(old, FileTime.from(clock.instant().minus(Duration.ofMinutes(61))));
            Files.setLastModifiedTime(fresh, FileTime.from(clock.instant().minus(Duration.ofMinutes(59))));
            turn.prune(Set.of());
        }

        assertThat(deployments.zip(sha256(1))).isEmpty();
        assertThat(deployments.zip(sha256(2))).isPresent();
    }

    @Test
    void one_waits_for_the_other() {
        CompletableFuture<Deployment> other;
        Deployment mine;
        Thread waiting;
        try (DeploymentTurn turn = deployments.turn()) {
            other = new CompletableFuture<>();
            waiting = new Thread(() -> other.complete(record(2)));
            waiting.start();
            await().until(() -> waiting.getState() == Thread.State.WAITING);
            mine = record(turn, 1);
            assertThat(other).isNotDone();
        }

        assertThat(mine.number()).isEqualTo(1);
        assertThat(other.join().number()).isEqualTo(2);
    }
}
