package io.crmbridge.component.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbridge.bundle.BundleException;
import io.crmbridge.component.TestBridge;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ExportRouteTest {
    @TempDir
    private Path folder;

    private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults());
    private TestBridge bridge;

    @AfterEach
    void stop() {
        if (bridge != null) {
            bridge.close();
        }
        sandbox.close();
    }

    private TestBridge.Draft bundle() {
        return TestBridge.in(folder, sandbox);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("exports"))) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @Test
    void a_row_is_written_once_although_a_later_step_failed_and_the_change_came_again() throws IOException {
        AtomicInteger tries = new AtomicInteger();
        bridge = bundle().route(
                        "deals",
                        "deals",
                        "retry.delay=10ms&batchSize=10",
                        "- to: export:deals.csv?columns=name\n- to: mock:later")
                .start()
                .at("later", exchange -> {
                    if (tries.incrementAndGet() < 3) {
                        throw new java.net.ConnectException("down");
                    }
                });

        bridge.create("deals", Map.of("name", "one"));
        bridge.awaitDelivered("deals", 1);

        assertThat(tries).hasValue(3);
        assertThat(files()).hasSize(1);
        assertThat(Files.readString(files().get(0))).isEqualTo("name\r\none\r\n");
    }

    @Test
    void a_large_or_a_small_amount_is_written_without_an_exponent() throws IOException {
        bridge = bundle().route("deals", "deals", "batchSize=10", "- to: export:deals.csv?columns=name,amount,rate")
                .start();

        bridge.create("deals", Map.of("name", "one", "amount", 12_345_678.9, "rate", 0.00001));
        bridge.create("deals", Map.of("name", "two", "amount", -1.5e15, "rate", 1.25));
        bridge.create("deals", Map.of("name", "three", "amount", 12, "rate", 1_234_567_890_123L));
        bridge.awaitDelivered("deals", 3);

        assertThat(Files.readString(files().get(0)).lines().skip(1))
                .containsExactly("one,12345678.9,0.00001", "two,-1500000000000000,1.25", "three,12,1234567890123");
    }

    @Test
    void a_batch_that_is_halved_writes_no_row_twice() throws IOException {
        bridge = bundle().route(
                        "deals",
                        "deals",
                        "retry.delay=10ms&batchSize=10&startFrom=mirror",
                        "- to: export:deals.csv?columns=name\n- to: mock:later")
                .start()
                .at("later", exchange -> {
                    if (exchange.getMessage().getBody(String.class).contains("bad")) {
                        throw new IllegalStateException("never");
                    }
                });

        for (String name : List.of("a", "b", "bad", "d")) {
            sandbox.workspace().create("deals", Map.of("name", name));
        }
        bridge.poll("deals");
        bridge.awaitDead("deals", 1);
        bridge.awaitDelivered("deals", 3);

        assertThat(Files.readString(files().get(0)).lines().skip(1)).containsExactlyInAnyOrder("a", "b", "bad", "d");
    }

    @Test
    void a_batch_whose_rows_a_step_has_changed_in_number_is_not_halved_after_they_were_written() throws IOException {
        bridge = bundle().route(
                        "deals",
                        "deals",
                        "retry.delay=10ms&batchSize=10&startFrom=mirror",
                        "- to: mock:drop-first\n- to: export:deals.csv?columns=name\n- to: mock:later")
                .start()
                .at("drop-first", exchange -> {
                    List<?> all = exchange.getMessage().getBody(List.class);
                    exchange.getMessage().setBody(List.copyOf(all.subList(1, all.size())));
                })
                .at("later", exchange -> {
                    if (exchange.getMessage().getBody(String.class).contains("bad")) {
                        throw new IllegalStateException("never");
                    }
                });

        for (String name : List.of("a", "b", "bad", "d")) {
            sandbox.workspace().create("deals", Map.of("name", name));
        }
        bridge.poll("deals");
        bridge.awaitDead("deals", 4);

        assertThat(Files.readString(files().get(0)).lines().skip(1)).containsExactlyInAnyOrder("b", "bad", "d");
        assertThat(bridge.store().deadLetters().list(false))
                .allSatisfy(letter -> assertThat(letter.reason()).contains("not cut in two"));
    }

    @Test
    void a_header_from_record_data_makes_no_path() throws IOException {
        bridge = bundle().route("deals", "deals", "", """
                        - setHeader:
                            name: CamelCrmFeed
                            expression:
                              simple:
                                expression: "${body[name]}"
                        - to: export:{feed}/x-{connection}.ndjson
                        """).start();

        for (String name : List.of("../../up", "/etc/passwd", "..", "a\\b", "a\u0000b")) {
            bridge.create("deals", Map.of("name", name));
        }
        bridge.awaitDelivered("deals", 5);

        Path exports = folder.resolve("exports");
        assertThat(files()).hasSize(4).allSatisfy(file -> {
            Path relative = exports.relativize(file);
            assertThat(relative.getNameCount()).isEqualTo(2);
            assertThat(relative.getName(0).toString()).doesNotContain("..", "\\");
        });
        assertThat(folder.resolve("up")).doesNotExist();
    }

    @Test
    void a_record_without_a_body_is_a_dead_letter_that_says_why() throws IOException {
        bridge = bundle().route("deals", "deals", "", """
                        - setBody:
                            expression:
                              simple:
                                expression: "${null}"
                        - to: export:deals.csv
                        """).start();

        bridge.create("deals", Map.of("name", "one"));
        bridge.awaitDead("deals", 1);

        assertThat(bridge.store().deadLetters().list(false).get(0).reason()).contains("takes a record");
    }

    @ParameterizedTest
    @CsvSource({
        "export:../deals.csv, stays below",
        "export:/tmp/deals.csv, stays below",
        "export:a/../../deals.csv, stays below",
        "export:deals.txt, .ndjson",
        "export:deals-{datum}.csv, did you mean \"date\"?",
        "export:deals.csv?roll=soon, roll=soon",
        "export:deals.csv?rol=1h, did you mean \"roll\"?",
    })
    void what_cannot_work_is_refused_when_it_is_read(String uri, String hint) {
        assertThatThrownBy(() -> bundle().route("deals", "deals", "", "- to: \"" + uri + "\"")
                        .start())
                .isInstanceOf(BundleException.class)
                .hasMessageStartingWith("routes/r01.yaml:6")
                .hasMessageContaining(hint);
    }
}
