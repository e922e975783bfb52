package io.crmbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.BundleException;
import io.crmbridge.bundle.RunningBundle;
import io.crmbridge.bundle.Swap;
import io.crmbridge.component.Activity;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.sandbox.WebhookReceiver.Received;
import io.crmbridge.sandbox.WebhookReceiver.Reply;
import io.crmbridge.state.Subscription;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Another version of a bundle takes the place of the one that runs. */
@Timeout(60)
class LiveBundleTest {
    @TempDir
    private Path folder;

    private Sandbox sandbox;
    private BridgeProcess bridge;

    @BeforeEach
    void start() throws Exception {
        sandbox = Sandbox.start(SandboxOptions.defaults());
        write("application.properties", properties(""));
        write("routes/deals.yaml", route("deals", "impactiveai:deals", "1", "map:deal"));
        write("routes/contacts.yaml", route("contacts", "impactiveai:contacts", "1", "hook:{{contacts.hook}}"));
        write("mappings/deal.jslt", "{\"name\": .name}");
        bridge = bridge();
    }

    @AfterEach
    void stop() {
        bridge.close();
        sandbox.close();
    }

    private BridgeProcess bridge() {
        return BridgeProcess.start(bundle(), folder.resolve("data"), 0, Map.of(), Activity.NONE);
    }

    private Bundle bundle() {
        return Bundle.at(folder.resolve("bundle"), Map.of());
    }

    private Swap swap() {
        return bridge.live().swap(bundle());
    }

    private void write(String file, String text) throws Exception {
        Path path = folder.resolve("bundle").resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private void delete(String file) throws Exception {
        Files.delete(folder.resolve("bundle").resolve(file));
    }

    private String properties(String more) {
        return """
                bridge.allow-fast-poll=true
                bridge.connection.default.type=impactiveai
                bridge.connection.default.base-url=%s
                bridge.connection.default.api-key=%s
                bridge.hook.erp.url=%s
                bridge.hook.erp.allow-private=true
                bridge.hook.other.url=%s
                bridge.hook.other.allow-private=true
                contacts.hook=other
                """.formatted(
                                sandbox.baseUrl(),
                                Sandbox.DEFAULT_KEY,
                                sandbox.receiver().url().resolve("erp"),
                                sandbox.receiver().url().resolve("other"))
                + more;
    }

    /** @param version goes into a header, so that a route's version is seen */
    private static String route(String id, String from, String version, String step) {
        return """
                - route:
                    id: %s
                    from:
                      uri: %s
                      parameters:
                        delay: 200ms
                      steps:
                        - setHeader:
                            name: CamelCrmTestVersion
                            constant: "%s"
                        - to:
                            uri: %s
                        - to:
                            id: %s-last
                            uri: hook:erp
                """.formatted(id, from, version, step, id);
    }

    private String deal(String name) {
        return sandbox.workspace().create("deals", Map.of("name", name));
    }

    private List<String> received(String path) {
        return sandbox.receiver().received().stream()
                .filter(call -> call.path().endsWith(path))
                .map(Received::text)
                .toList();
    }

    private void awaitReceived(String text) {
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(received("erp"))
                        .filteredOn(it -> it.contains(text))
                        .hasSize(1));
    }

    private CamelContext contextOf(String route) {
        return bridge.running().contextOf(route).orElseThrow();
    }

    @Test
    void only_the_route_that_changed_is_started_anew_and_goes_on_in_its_place() throws Exception {
        deal("before");
        awaitReceived("before");
        CamelContext ofContacts = contextOf("contacts");
        CamelContext ofDeals = contextOf("deals");
        write("mappings/deal.jslt", "{\"called\": .name}");

        Swap swap = swap();

        assertThat(swap.replaced()).containsExactly("deals");
        assertThat(swap.unchanged()).containsExactly("contacts");
        assertThat(swap.failures()).isEmpty();
        assertThat(contextOf("contacts")).isSameAs(ofContacts);
        assertThat(contextOf("deals")).isNotSameAs(ofDeals);
        deal("after");
        await().untilAsserted(() -> assertThat(received("erp")).contains("{\"called\":\"after\"}"));
        assertThat(received("erp")).filteredOn(it -> it.contains("before")).hasSize(1);
    }

    @Test
    void nothing_is_touched_where_nothing_changed() {
        Swap swap = swap();

        assertThat(swap.unchanged()).containsExactly("contacts", "deals");
        assertThat(swap.replaced()).isEmpty();
    }

    @Test
    void the_context_of_a_version_that_is_gone_is_let_go() throws Exception {
        deal("one");
        awaitReceived("one");
        write("routes/deals.yaml", route("deals", "impactiveai:deals", "2", "map:deal"));
        swap();
        WeakReference<CamelContext> second = new WeakReference<>(contextOf("deals"));
        deal("two");
        awaitReceived("two");
        write("routes/deals.yaml", route("deals", "impactiveai:deals", "3", "map:deal"));

        swap();

        deal("three");
        awaitReceived("three");
        await().until(() -> {
            System.gc();
            return second.get() == null;
        });
    }

    @Test
    void a_property_changes_the_routes_that_use_it() throws Exception {
        write("application.properties", properties("contacts.hook=erp\nunused=1\n"));

        assertThat(swap().replaced()).containsExactly("contacts");
    }

    @Test
    void a_key_of_a_hook_changes_the_routes_to_it() throws Exception {
        write("application.properties", properties("bridge.hook.other.timeout=3s\n"));

        assertThat(swap().replaced()).containsExactly("contacts");
    }

    @Test
    void an_option_of_camel_changes_every_route() throws Exception {
        write("application.properties", properties("camel.component.seda.queueSize=7\n"));

        assertThat(swap().replaced()).containsExactly("contacts", "deals");
    }

    @Test
    void a_property_within_a_placeholder_or_looked_up_by_simple_changes_the_routes_that_use_it() throws Exception {
        write("routes/deals.yaml", withHeaders("constant: '{{outer:{{inner}}}}'"));
        write(
                "routes/contacts.yaml",
                route("contacts", "impactiveai:contacts", "${properties:looked}", "hook:erp")
                        .replace("constant:", "simple:"));
        write("application.properties", properties("inner=1\nlooked=1\n"));
        assertThat(swap().failures()).isEmpty();

        write("application.properties", properties("inner=1\nlooked=1\nouter=2\n"));
        assertThat(swap().replaced()).containsExactly("deals");
        write("application.properties", properties("inner=1\nlooked=2\nouter=2\n"));
        assertThat(swap().replaced()).containsExactly("contacts");
    }

    private static String withHeaders(String expression) {
        return route("deals", "impactiveai:deals", "1", "map:deal").replace("constant: \"1\"", expression);
    }

    private void failed(String version) throws Exception {
        write("routes/failed.yaml", """
                - route:
                    id: failed
                    from:
                      uri: direct:failed
                      steps:
                        - setBody:
                            simple: "%s ${exception.message}"
                        - to:
                            uri: hook:erp
                """.formatted(version));
    }

    @Test
    void routes_hand_over_what_fails_to_the_route_of_the_same_version() throws Exception {
        write("routes/deals.yaml", """
                - onException:
                    exception:
                      - java.lang.IllegalStateException
                    handled:
                      constant: "true"
                    steps:
                      - to:
                          uri: direct:failed
                """ + route("deals", "impactiveai:deals", "1", "map:deal") + """
                        - throwException:
                            exceptionType: java.lang.IllegalStateException
                            message: oh
                """);
        failed("one");
        assertThat(swap().failures()).isEmpty();
        failed("two");

        assertThat(swap().replaced()).contains("deals", "failed");
        deal("bad");
        awaitReceived("two oh");
    }

    @Test
    void routes_that_a_list_of_recipients_names_are_replaced_with_it() throws Exception {
        write("routes/deals.yaml", route("deals", "impactiveai:deals", "1", "map:deal") + """
                        - recipientList:
                            constant: direct:none-yet,direct:failed
                            ignoreInvalidEndpoints: true
                """);
        failed("one");
        assertThat(swap().failures()).isEmpty();
        failed("two");

        assertThat(swap().replaced()).containsExactly("deals", "failed");
    }

    @Test
    void a_route_is_found_at_every_moment_of_a_swap() throws Exception {
        AtomicBoolean missed = new AtomicBoolean();
        for (int version = 2; version < 5; version++) {
            write("routes/deals.yaml", route("deals", "impactiveai:deals", "" + version, "map:deal"));
            write("routes/contacts.yaml", route("contacts", "impactiveai:contacts", "" + version, "hook:erp"));
            CompletableFuture<Swap> swap = CompletableFuture.supplyAsync(this::swap);
            while (!swap.isDone()) {
                // The first look may have begun before the new one was there, and ended after the old one was gone.
                missed.compareAndSet(
                        false,
                        bridge.running().contextOf("deals").isEmpty()
                                && bridge.running().contextOf("deals").isEmpty());
            }
            assertThat(swap.get().replaced()).containsExactly("contacts", "deals");
        }
        assertThat(missed).isFalse();
    }

    @Test
    void folders_are_those_of_all_versions_that_routes_are_of() throws Exception {
        Path next = folder.resolve("next");
        Files.createDirectories(next.resolve("routes"));
        Files.createDirectories(next.resolve("mappings"));
        Files.writeString(next.resolve("application.properties"), properties(""));
        Files.writeString(next.resolve("mappings/deal.jslt"), "{\"called\": .name}");
        for (String file : List.of("routes/deals.yaml", "routes/contacts.yaml")) {
            Files.copy(folder.resolve("bundle").resolve(file), next.resolve(file));
        }

        assertThat(bridge.live().swap(Bundle.at(next, Map.of())).replaced()).containsExactly("deals");

        assertThat(bridge.live().folders()).containsExactlyInAnyOrder(bundle().folder(), next);
    }

    @Test
    void a_bridge_that_stops_takes_nothing_up() throws Exception {
        write("mappings/deal.jslt", "{\"called\": .name}");
        RunningBundle running = bridge.running();
        bridge.stopRoutes();

        assertThatThrownBy(this::swap).isInstanceOf(BundleException.class).hasMessageContaining("stops");
        assertThat(running.routeIds()).isEmpty();
    }

    @Test
    void a_route_that_cannot_start_again_keeps_no_other_from_it() throws Exception {
        Path gone = Files.createDirectories(folder.resolve("gone"));
        String text = """
                - route:
                    id: a-folder
                    from:
                      uri: file:%s
                      parameters:
                        autoCreate: false
                        startingDirectoryMustExist: true
                      steps:
                        - setBody:
                            constant: "%d"
                        - to:
                            uri: hook:erp
                """;
        write("routes/folder.yaml", text.formatted(gone, 1));
        assertThat(swap().started()).containsExactly("a-folder");
        write("routes/folder.yaml", text.formatted(gone, 2));
        write("routes/deals.yaml", route("deals", "impactiveai:deals", "2", "map:deal"));
        Files.delete(gone);

        assertThat(swap().failures())
                .anySatisfy(finding -> assertThat(finding.message()).contains("a-folder", "does not start again"));
        deal("on");
        awaitReceived("on");
    }

    @Test
    void a_bundle_with_a_finding_is_refused_and_nothing_stops() throws Exception {
        write("routes/deals.yaml", route("deals", "impactiveai:deals", "2", "map:none"));

        assertThatThrownBy(this::swap)
                .isInstanceOf(BundleException.class)
                .hasMessageContaining("routes/deals.yaml")
                .hasMessageContaining("none");
        deal("still");
        awaitReceived("still");
    }

    @Test
    void if_a_route_does_not_start_the_old_ones_run_on() throws Exception {
        write("mappings/deal.jslt", "{\"called\": .name}");
        write("routes/file.yaml", """
                - route:
                    id: from-a-folder
                    from:
                      uri: file:%s
                      parameters:
                        autoCreate: false
                        startingDirectoryMustExist: true
                      steps:
                        - to:
                            uri: hook:erp
                """.formatted(folder.resolve("missing")));

        Swap swap = swap();

        assertThat(swap.failures())
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains("missing"));
        deal("on");
        await().untilAsserted(() -> assertThat(received("erp")).contains("{\"name\":\"on\"}"));
        assertThat(bridge.running().contexts()).hasSize(1);
        delete("routes/file.yaml");
        assertThat(swap().replaced()).containsExactly("deals");
    }

    @Test
    void a_deleted_file_stops_its_route_and_keeps_its_place() throws Exception {
        deal("first");
        awaitReceived("first");
        String text = Files.readString(folder.resolve("bundle/routes/deals.yaml"));
        delete("routes/deals.yaml");
        assertThat(swap().stopped()).containsExactly("deals");
        deal("meanwhile");
        long before = bridge.store().log().head();
        bridge.feeds().poll("default", "deals");
        await().until(() ->
                bridge.store().log().head() > before || bridge.store().log().head() >= 2);
        assertThat(received("erp")).noneMatch(it -> it.contains("meanwhile"));

        write("routes/deals.yaml", text);

        assertThat(swap().started()).containsExactly("deals");
        awaitReceived("meanwhile");
        assertThat(received("erp")).filteredOn(it -> it.contains("first")).hasSize(1);
    }

    @Test
    void routes_that_hand_over_to_each_other_are_replaced_together() throws Exception {
        write("routes/deals.yaml", route("deals", "impactiveai:deals", "1", "direct:more"));
        write("routes/more.yaml", """
                - route:
                    id: more
                    from:
                      uri: direct:more
                      steps:
                        - to:
                            uri: map:deal
                """);
        assertThat(swap().started()).containsExactly("more");
        write("mappings/deal.jslt", "{\"called\": .name}");

        assertThat(swap().replaced()).containsExactly("deals", "more");
        deal("both");
        await().untilAsserted(() -> assertThat(received("erp")).contains("{\"called\":\"both\"}"));
    }

    @Test
    void a_change_that_is_with_the_old_route_ends_there_and_is_not_repeated() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        sandbox.receiver().answer(call -> {
            begun.countDown();
            try {
                mayEnd.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Reply.ok();
        });
        deal("one");
        assertThat(begun.await(15, TimeUnit.SECONDS)).isTrue();
        write("routes/deals.yaml", route("deals", "impactiveai:deals", "2", "map:deal"));

        CompletableFuture<Swap> swap = CompletableFuture.supplyAsync(this::swap);
        await().until(() ->
                bridge.running().contexts().get(0).getRouteController().getRouteStatus("deals")
                                == ServiceStatus.Stopping
                        || bridge.running().contexts().size() == 1 && !swap.isDone());
        assertThat(swap).isNotDone();
        mayEnd.countDown();

        assertThat(swap.get(20, TimeUnit.SECONDS).replaced()).containsExactly("deals");
        deal("two");
        awaitReceived("two");
        assertThat(received("erp")).filteredOn(it -> it.contains("one")).hasSize(1);
    }

    @Test
    void a_paused_route_stays_paused_in_its_new_version() throws Exception {
        bridge.store().subscriptions().pauseRoute("default", "deals", true);
        bridge.feeds().pause("deals", true);
        write("routes/deals.yaml", route("deals", "impactiveai:deals", "2", "map:deal"));

        swap();

        assertThat(bridge.store().subscriptions().all())
                .filteredOn(one -> one.routeId().equals("deals"))
                .extracting(Subscription::state)
                .containsExactly(Subscription.State.PAUSED);
    }

    @Test
    void a_new_connection_is_polled_and_a_changed_one_is_told() throws Exception {
        sandbox.addWorkspace("w2", "Second", "icrm_11111111111111111111111111111111");
        write("application.properties", properties("""
                bridge.connection.second.type=impactiveai
                bridge.connection.second.base-url=%s
                bridge.connection.second.api-key=icrm_11111111111111111111111111111111
                bridge.connection.default.quota=none
                """.formatted(sandbox.baseUrl())));
        write("routes/second.yaml", """
                - route:
                    id: second
                    from:
                      uri: impactiveai:deals
                      parameters:
                        connection: second
                        startFrom: beginning
                        delay: 200ms
                      steps:
                        - to:
                            uri: hook:erp
                """);

        Swap swap = swap();

        assertThat(swap.started()).containsExactly("second");
        assertThat(swap.notes())
                .containsExactly("takes effect when the bridge is started anew: bridge.connection.default.quota");
        await().until(() -> bridge.feeds().polledFeeds().contains("second/deals"));
    }

    @Test
    void an_inbox_takes_entries_by_the_schema_of_the_version_that_runs() throws Exception {
        write("routes/in.yaml", """
                - route:
                    id: in
                    from:
                      uri: inbox:orders
                      steps:
                        - to:
                            uri: hook:erp
                """);
        swap();
        assertThat(post("{\"number\": 1}")).isEqualTo(202);
        write("schemas/orders.schema.json", "{\"type\": \"object\", \"required\": [\"customer\"]}");

        assertThat(swap().replaced()).containsExactly("in");

        assertThat(post("{\"number\": 2}")).isEqualTo(400);
        assertThat(post("{\"number\": 3, \"customer\": \"c\"}")).isEqualTo(202);
        await().untilAsserted(() -> assertThat(received("erp")).hasSize(2));
    }

    private int post(String entry) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(bridge.address()).resolve("inbox/orders"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(entry))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
