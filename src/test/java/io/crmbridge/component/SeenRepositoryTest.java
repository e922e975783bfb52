package io.crmbridge.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.spi.IdempotentRepository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Camel's idempotent consumer over the bridge's store. */
@Timeout(60)
class SeenRepositoryTest {
    private static final String ONCE = """
            - idempotentConsumer:
                idempotentRepository: "#bridgeIdempotentRepository"
                expression:
                  simple:
                    expression: "${body[name]}"
                steps:
                  - to:
                      uri: mock:once
            """;

    @TempDir
    private Path folder;

    private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults());
    private final List<Object> done = new CopyOnWriteArrayList<>();
    private TestBridge bridge;

    @AfterEach
    void stop() {
        if (bridge != null) {
            bridge.close();
        }
        sandbox.close();
    }

    private void start(String route, String options, String steps) throws IOException {
        start(folder, route, options, steps);
    }

    private void start(Path at, String route, String options, String steps) throws IOException {
        bridge = TestBridge.in(at, sandbox)
                .route(route, "deals", options, steps)
                .start()
                .at(
                        "once",
                        exchange -> done.add(
                                exchange.getMessage().getBody(Map.class).get("name")));
    }

    private void restart(String route, String steps) throws IOException {
        bridge.close();
        start(route, "", steps);
    }

    private void create(String name, long delivered) {
        bridge.create("deals", Map.of("name", name));
        bridge.awaitDelivered(bridge.camel().getRoutes().get(0).getId(), delivered);
    }

    private IdempotentRepository repository() {
        return bridge.camel()
                .getRegistry()
                .lookupByNameAndType("bridgeIdempotentRepository", IdempotentRepository.class);
    }

    @Test
    void a_duplicate_is_skipped_also_after_a_restart() throws Exception {
        start("deals", "", ONCE);
        create("a", 1);
        create("a", 2);
        restart("deals", ONCE);
        create("a", 3);
        create("b", 4);

        assertThat(done).containsExactly("a", "b");
    }

    @Test
    void each_route_has_its_own_keys() throws Exception {
        start("deals", "", ONCE);
        create("a", 1);
        restart("others", ONCE);
        create("a", 1);

        assertThat(done).containsExactly("a", "a");
    }

    @Test
    void a_failure_removes_the_key_so_that_the_next_try_goes_through() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        start("deals", "retry.delay=10ms", ONCE + "- to: mock:later\n");
        bridge.at("later", exchange -> {
            if (tries.incrementAndGet() < 3) {
                throw new ConnectException("down");
            }
        });

        create("a", 1);
        create("a", 2);

        assertThat(done).as("twice it failed later").containsExactly("a", "a", "a");
    }

    @Test
    void a_key_at_work_is_refused_meanwhile() throws Exception {
        CountDownLatch free = new CountDownLatch(1);
        start("deals", "parallel=8", ONCE);
        bridge.at("once", exchange -> {
            done.add("a");
            free.await();
        });
        for (int i = 0; i < 8; i++) {
            sandbox.workspace().create("deals", Map.of("name", "a"));
        }
        bridge.poll("deals");
        await().untilAsserted(
                        () -> assertThat(bridge.camel().getInflightRepository().size())
                                .as("all but the one at work were skipped")
                                .isEqualTo(1));
        free.countDown();
        bridge.awaitDelivered("deals", 8);

        assertThat(done).containsExactly("a");
    }

    @Test
    void a_crash_before_the_work_is_confirmed_lets_it_be_done_again() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        start("deals", "", ONCE);
        create("before", 1);
        bridge.at("once", exchange -> {
            begun.countDown();
            never.await();
        });
        bridge.create("deals", Map.of("name", "a"));
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        // What a kill leaves behind is what lies in the folder now.
        copy(folder.resolve("data"), folder.resolve("after/data"));
        bridge.close();
        start(folder.resolve("after"), "deals", "", ONCE);
        bridge.awaitDelivered("deals", 2);
        create("before", 3);

        assertThat(bridge.mock("once").getExchanges())
                .extracting(exchange -> exchange.getMessage().getBody(Map.class).get("name"))
                .containsExactly("a");
    }

    @Test
    void a_repository_that_is_asked_without_an_exchange_is_durable_when_it_is_confirmed() throws Exception {
        start("deals", "", ONCE);
        assertThat(repository().add("file")).isTrue();
        assertThat(repository().add("file")).isFalse();
        assertThat(repository().contains("file")).isTrue();
        restart("deals", ONCE);
        assertThat(repository().contains("file")).isFalse();
        repository().add("file");
        repository().confirm("file");
        restart("deals", ONCE);
        assertThat(repository().add("file")).isFalse();
        assertThat(repository().remove("file")).isTrue();
        assertThat(repository().remove("file")).isFalse();
        assertThat(repository().add("file")).isTrue();
    }

    @Test
    void all_keys_are_forgotten_when_it_is_cleared() throws Exception {
        start("deals", "", ONCE);
        create("a", 1);
        repository().add("file");
        repository().confirm("file");

        repository().clear();

        create("a", 2);
        assertThat(done).containsExactly("a", "a");
        assertThat(repository().add("file")).isTrue();
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (var files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}
