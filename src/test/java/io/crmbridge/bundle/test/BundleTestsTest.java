package io.crmbridge.bundle.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.BundleException;
import io.crmbridge.state.Store;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A bundle of its own, whose targets count who calls. */
class BundleTestsTest {
    @TempDir
    private Path folder;

    private final AtomicInteger calls = new AtomicInteger();
    private HttpServer outside;

    @BeforeEach
    void begin() throws IOException {
        outside = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        outside.createContext("/", exchange -> {
            calls.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        outside.start();
        String url = "http://127.0.0.1:%d".formatted(outside.getAddress().getPort());
        Files.createDirectories(folder.resolve("routes"));
        Files.createDirectories(folder.resolve("tests"));
        Files.writeString(folder.resolve("application.properties"), """
                bridge.connection.default.type=impactiveai
                bridge.connection.default.base-url=%s
                bridge.connection.default.api-key=icrm_00000000000000000000000000000000
                bridge.hook.first.url=%s/first
                bridge.hook.first.allow-private=true
                shop.url=%s/shop
                """.formatted(url, url, url));
    }

    @AfterEach
    void end() {
        outside.stop(0);
        assertThat(calls).as("calls to what is outside").hasValue(0);
    }

    private void route(String yaml) throws IOException {
        Files.writeString(folder.resolve("routes/route.yaml"), yaml);
    }

    private void tests(String yaml) throws IOException {
        Files.writeString(folder.resolve("tests/route.test.yaml"), yaml);
    }

    private TestReport run() {
        return new BundleTests(Bundle.at(folder, Map.of()), Map.of()).run(Optional.empty(), result -> {});
    }

    private Map<String, List<String>> differences() {
        Map<String, List<String>> differences = new TreeMap<>();
        run().results().forEach(result -> differences.put(result.name(), result.differences()));
        return differences;
    }

    private static final String TARGETS = """
            - route:
                id: deals
                from:
                  uri: impactiveai:deals
                  steps:
                    - to: { uri: "direct:further" }
            - route:
                id: further
                from:
                  uri: direct:further
                  steps:
                    - to: { uri: "hook:first" }
                    - marshal: { json: { library: Jackson } }
                    - setHeader: { name: CamelHttpMethod, expression: { constant: { expression: PUT } } }
                    - to: { uri: "{{shop.url}}?throwExceptionOnFailure=true" }
                    - setHeader: { name: CamelFileName, expression: { simple: { expression: "${date:now:yyyy-MM-dd}.txt" } } }
                    - to: { uri: "file:nowhere" }
            """;

    @Test
    void what_a_route_and_those_behind_it_send_is_compared_and_nothing_leaves() throws IOException {
        route(TARGETS);
        tests("""
                route: deals
                now: 2026-03-02T09:00:00Z
                tests:
                  - name: all
                    given: [ { record: { id: d1, amount: 5.0 } } ]
                    answers: [ { to: "{{shop.url}}", body: { number: 7 } } ]
                    expect:
                      - { to: "hook:first", body: { id: d1, amount: 5 } }
                      - { to: "{{shop.url}}", operation: put, body: { id: d1, amount: 5 } }
                      - { to: "file:nowhere", file: 2026-03-02.txt, text: '{"number":7}' }
                  - name: another order
                    given: [ { record: { id: d1 } } ]
                    expect: [ { to: "{{shop.url}}" }, { to: "hook:first" }, { to: "file:nowhere" } ]
                  - name: any order
                    unordered: true
                    given: [ { record: { id: d1 } } ]
                    expect: [ { to: "{{shop.url}}" }, { to: "hook:first" }, { to: "file:nowhere" } ]
                  - name: too few
                    given: [ { record: { id: d1, name: Big } } ]
                    expect: [ { to: "hook:first", body: { id: d2 } }, { to: "file:nowhere" } ]
                """);

        Map<String, List<String>> differences = differences();

        assertThat(differences.get("all")).isEmpty();
        assertThat(differences.get("any order")).isEmpty();
        assertThat(differences.get("another order").get(0)).startsWith("sent in another order");
        assertThat(differences.get("too few"))
                .startsWith("hook:first, body.id", "  - d2", "  + d1", "hook:first, body.name", "  + Big")
                .anyMatch(line -> line.startsWith("sent besides: http://127.0.0.1:") && line.endsWith("/shop PUT"));
        assertThat(folder.resolve("nowhere")).doesNotExist();
        assertThat(Path.of("nowhere")).doesNotExist();
    }

    @Test
    @Timeout(30)
    void nothing_leaves_by_a_target_that_is_made_for_each_exchange_and_nothing_is_taken_from_a_folder()
            throws IOException {
        Path inbox = Files.createDirectories(folder.resolve("inbox"));
        Files.writeString(inbox.resolve("a.txt"), "kept");
        route("""
                - route:
                    id: deals
                    from:
                      uri: "impactiveai:deals?durable=false"
                      steps:
                        - setProperty: { name: shop, expression: { simple: { expression: "{{shop.url}}" } } }
                        - toD: { uri: "${exchangeProperty.shop}/a" }
                        - toD: { uri: "${exchangeProperty.shop}/b", cacheSize: -1 }
                        - recipientList: { simple: { expression: "${exchangeProperty.shop}/c" }, cacheSize: -1 }
                        - routingSlip: { simple: { expression: "${exchangeProperty.shop}/d" }, cacheSize: -1 }
                        - enrich: { simple: { expression: "${exchangeProperty.shop}/e" }, cacheSize: -1 }
                        - wireTap: { uri: "${exchangeProperty.shop}/f", cacheSize: -1 }
                        - multicast:
                            steps:
                              - toD: { uri: "${exchangeProperty.shop}/g" }
                        - pollEnrich:
                            simple: { expression: "file:%s?delete=true" }
                        - to: { uri: "hook:first" }
                """.formatted(inbox));
        tests("""
                route: deals
                tests:
                  - name: all
                    unordered: true
                    given: [ { record: { id: d1 } } ]
                    expect:
                      - { to: "{{shop.url}}/a" }
                      - { to: "{{shop.url}}/b" }
                      - { to: "{{shop.url}}/c" }
                      - { to: "{{shop.url}}/d" }
                      - { to: "{{shop.url}}/e" }
                      - { to: "{{shop.url}}/f" }
                      - { to: "{{shop.url}}/g" }
                      - { to: "hook:first" }
                """);

        assertThat(differences().get("all")).isEmpty();
        assertThat(inbox.resolve("a.txt")).hasContent("kept");
        assertThat(inbox).isDirectoryNotContaining(path -> path.endsWith(".camel"));
    }

    @Test
    void a_failing_target_fails_the_route_as_the_test_says() throws IOException {
        route(TARGETS);
        tests("""
                route: deals
                tests:
                  - name: passing
                    given: [ { record: { id: d1 } } ]
                    answers: [ { to: "hook:first", status: 503 } ]
                    failed: passing
                    because: answered 503
                  - name: permanent
                    given: [ { record: { id: d1 } } ]
                    answers: [ { to: "{{shop.url}}", status: 422 } ]
                    failed: permanent
                  - name: refused
                    given: [ { record: { id: d1 } } ]
                    answers: [ { to: "hook:first", error: refused } ]
                    failed: refused
                  - name: unforeseen
                    given: [ { record: { id: d1 } } ]
                    answers: [ { to: "hook:first", status: 503 } ]
                    expect: [ { to: "hook:first" } ]
                  - name: well after all
                    given: [ { record: { id: d1 } } ]
                    failed: permanent
                """);

        Map<String, List<String>> differences = differences();

        assertThat(differences.get("passing")).isEmpty();
        assertThat(differences.get("permanent")).isEmpty();
        assertThat(differences.get("refused")).isEmpty();
        assertThat(differences.get("unforeseen")).containsExactly("the route failed, passing: hook first answered 503");
        assertThat(differences.get("well after all"))
                .containsExactly("how the route ends", "  - failed, permanent", "  + did not fail");
    }

    @Test
    void crm_writes_are_recorded_and_reads_are_answered_from_what_is_known() throws IOException {
        route("""
                - route:
                    id: deals
                    from:
                      uri: impactiveai:deals
                      steps:
                        - to: { uri: "impactiveai:companies", parameters: { operation: list } }
                        - to: { uri: "hook:first" }
                        - setBody: { expression: { simple: { expression: "{\\"id\\":\\"c1\\",\\"title\\":\\"Boss\\"}" } } }
                        - unmarshal: { json: { library: Jackson } }
                        - to: { uri: "impactiveai:contacts", parameters: { operation: update } }
                """);
        Files.createDirectories(folder.resolve("tests/recorded"));
        Files.writeString(folder.resolve("tests/recorded/deal.json"), "{\"id\":\"d1\"}");
        tests("""
                route: deals
                tests:
                  - name: known
                    known: { companies: [ { id: co1, name: Acme } ] }
                    given: [ { file: recorded/deal.json } ]
                    expect:
                      - { to: "hook:first", body: [ { id: co1, name: Acme } ] }
                      - { to: "impactiveai:contacts", operation: update, about: { id: c1 }, body: { title: Boss } }
                  - name: answered
                    given: [ { record: { id: d1 } } ]
                    answers: [ { to: "impactiveai:companies", status: 429 } ]
                    expect: []
                    failed: passing
                """);

        Map<String, List<String>> differences = differences();

        assertThat(differences.get("known")).isEmpty();
        assertThat(differences.get("answered")).isEmpty();
    }

    @Test
    void an_upsert_a_batch_and_steps_on_other_threads_go_their_real_way() throws IOException {
        route("""
                - route:
                    id: deals
                    from:
                      uri: impactiveai:deals
                      parameters: { batchSize: 10, durable: false }
                      steps:
                        - to: { uri: "impactiveai:contacts", parameters: { operation: upsert } }
                        - to: { uri: "seda:later?waitForTaskToComplete=Never" }
                - route:
                    id: later
                    from:
                      uri: seda:later
                      steps:
                        - split:
                            expression: { simple: { expression: "${body}" } }
                            steps:
                              - toD: { uri: "hook:${body[id]}" }
                """);
        tests("""
                route: deals
                tests:
                  - name: one is there and one is not
                    known: { contacts: [ { id: c1, firstName: Jane, lastName: Doe, email: jane@example.com } ] }
                    given:
                      - record: { id: d1, firstName: Janet, lastName: Doe, email: jane@example.com }
                      - record: { id: d2, firstName: Joe, lastName: Bloggs, email: joe@example.com }
                    expect:
                      - { to: "impactiveai:contacts", operation: update, about: { id: c1 }, contains: { firstName: Janet } }
                      - { to: "impactiveai:contacts", operation: create, contains: { firstName: Joe } }
                      - { to: "hook:c1" }
                      - { to: "hook:new-contacts-1" }
                  - name: two may be meant
                    known: { contacts: [ { id: c1, email: jane@example.com }, { id: c2, email: jane@example.com } ] }
                    given: [ { record: { id: d1, firstName: Jane, lastName: Doe, email: jane@example.com } } ]
                    expect: []
                    failed: permanent
                    because: 2 contacts have the same email
                """);

        Map<String, List<String>> differences = differences();

        assertThat(differences.get("one is there and one is not")).isEmpty();
        assertThat(differences.get("two may be meant")).isEmpty();
    }

    @Test
    void a_broken_test_file_is_told_with_its_places() throws IOException {
        route(TARGETS);
        tests("""
                route: dealz
                tests:
                  - name: one
                    given: [ { record: { id: d1 } } ]
                    expect: []
                """);
        Files.writeString(folder.resolve("tests/second.test.yaml"), """
                route: deals
                tests:
                  - name: one
                    givn: [ { record: { id: d1 } } ]
                    expect:
                      - { bdy: 1 }
                """);
        Files.writeString(folder.resolve("tests/third.test.yaml"), """
                route: deals
                tests:

                  - name: one
                    given: [ { record: { id: d1 } } ]
                """);
        Files.writeString(folder.resolve("tests/broken.test.yaml"), "route: [deals\n");
        Files.writeString(folder.resolve("tests/fourth.yml"), "route: deals\n");

        BundleException failure = catchThrowableOfType(BundleException.class, this::run);

        assertThat(failure.findings().stream().map(Object::toString))
                .anyMatch(
                        line -> line.startsWith("tests/route.test.yaml:1:1") && line.contains("did you mean \"deals\""))
                .anyMatch(line -> line.startsWith("tests/second.test.yaml:4:5") && line.contains("givn"))
                .anyMatch(line -> line.startsWith("tests/second.test.yaml:6:11") && line.contains("bdy"))
                .anyMatch(line -> line.startsWith("tests/second.test.yaml:3:5") && line.contains("given is missing"))
                .anyMatch(line -> line.startsWith("tests/third.test.yaml:4:5") && line.contains("[] for nothing"))
                .noneMatch(line -> line.contains("failed is missing"))
                .anyMatch(line -> line.startsWith("tests/broken.test.yaml:2"))
                .anyMatch(line -> line.startsWith("tests/fourth.yml") && line.contains("is not run"));
    }

    @Test
    void a_thing_that_the_route_cannot_get_is_told() throws IOException {
        route(TARGETS);
        tests("""
                route: deals
                tests:
                  - { name: an entry, given: [ { entry: { id: d1 } } ], expect: [] }
                  - { name: a fire, given: [ { fire: now } ], expect: [] }
                """);

        Map<String, List<String>> differences = differences();

        assertThat(differences.get("an entry")).containsExactly("route deals is on a feed: give it a record");
        assertThat(differences.get("a fire"))
                .containsExactly("route deals is on a feed or an inbox: give it a record or an entry");
    }

    @Test
    void scratch_stores_are_apart_and_nothing_of_them_is_left() {
        Path where;
        try (ScratchStores stores = new ScratchStores();
                Store one = stores.open(Clock.systemUTC());
                Store other = stores.open(Clock.systemUTC())) {
            one.sources().source("default", "impactiveai");
            where = stores.folder();

            assertThat(one.sources().sources()).hasSize(1);
            assertThat(other.sources().sources()).isEmpty();
        }
        assertThat(where).doesNotExist();
    }
}
