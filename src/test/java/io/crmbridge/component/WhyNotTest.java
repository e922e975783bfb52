package io.crmbridge.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.support.RouteWatcherReloadStrategy;
import org.apache.camel.support.processor.idempotent.FileIdempotentRepository;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What docs/why-not.md says of Camel, tried on Camel; and its samples, started. */
@Timeout(120)
class WhyNotTest {
    private static final Pattern SAMPLE = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

    @TempDir
    private Path folder;

    @Test
    void camels_file_repository_keeps_an_eager_key_of_work_that_was_never_done() {
        File file = folder.resolve("keys").toFile();
        IdempotentRepository killed = FileIdempotentRepository.fileIdempotentRepository(file, new HashMap<>());
        killed.start();
        assertThat(killed.add("message")).isTrue();

        IdempotentRepository restarted = FileIdempotentRepository.fileIdempotentRepository(file, new HashMap<>());
        restarted.start();

        assertThat(restarted.add("message")).as("is taken for a duplicate").isFalse();
    }

    @Test
    void camels_watcher_stops_a_route_before_it_finds_a_wrong_option_in_its_file() throws Exception {
        try (CamelContext camel = started("a", "b");
                RouteWatcherReloadStrategy watcher = watcher(camel)) {
            write("b", "log:b?nonsense=1");

            assertThatThrownBy(() -> reload(camel, watcher, "b")).hasStackTraceContaining("nonsense");

            assertThat(camel.getRoutes()).extracting(Route::getId).containsExactly("a");
        }
    }

    @Test
    void camels_watcher_fails_each_reload_after_a_file_was_deleted() throws Exception {
        try (CamelContext camel = started("a", "b");
                RouteWatcherReloadStrategy watcher = watcher(camel)) {
            Files.delete(folder.resolve("b.yaml"));

            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> reload(camel, watcher, "a")).hasStackTraceContaining("b.yaml");
            }
        }
    }

    private CamelContext started(String... names) throws Exception {
        CamelContext camel = new DefaultCamelContext();
        camel.start();
        for (String name : names) {
            write(name, "log:" + name);
            PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.resolveResource(camel, uri(name)));
        }
        assertThat(camel.getRoutes()).hasSize(names.length);
        return camel;
    }

    private void write(String name, String target) throws IOException {
        Files.writeString(folder.resolve(name + ".yaml"), """
                - route:
                    id: %s
                    from:
                      uri: direct:%s
                      steps:
                        - to:
                            uri: %s
                """.formatted(name, name, target));
    }

    private String uri(String name) {
        return "file:" + folder.resolve(name + ".yaml");
    }

    /** Told by hand what changed, so it watches another folder. */
    private RouteWatcherReloadStrategy watcher(CamelContext camel) throws IOException {
        RouteWatcherReloadStrategy watcher = new RouteWatcherReloadStrategy(
                Files.createDirectories(folder.resolve("unchanged")).toString());
        watcher.setCamelContext(camel);
        watcher.start();
        return watcher;
    }

    private void reload(CamelContext camel, RouteWatcherReloadStrategy watcher, String name) throws Exception {
        watcher.getResourceReload().onReload(name, ResourceHelper.resolveResource(camel, uri(name)));
    }

    @TestFactory
    Stream<DynamicTest> every_sample_starts_that_needs_no_more_than_the_bridge() throws IOException {
        return SAMPLE.matcher(Files.readString(Path.of("docs/why-not.md")))
                .results()
                .map(found -> found.group(1))
                .filter(sample -> !sample.contains("csv:") && !sample.contains("#myResumeStrategy"))
                .map(sample -> DynamicTest.dynamicTest(id(sample), () -> starts(sample)));
    }

    private static String id(String sample) {
        Matcher id = Pattern.compile("(?:routeId|- route:\n    id): (\\S+)").matcher(sample);
        assertThat(id.find()).isTrue();
        return id.group(1);
    }

    private void starts(String sample) throws IOException {
        Path own = Files.createDirectories(folder.resolve(id(sample)));
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults());
                TestBridge bridge = TestBridge.in(own, sandbox)
                        .hook("erp")
                        .yaml(sample.replace("file:data/in", "file:" + own.resolve("in")))
                        .start()) {
            assertThat(bridge.camel().getRoutes()).extracting(Route::getId).containsExactly(id(sample));
            if (sample.contains("deadLetterChannel")) {
                sandbox.receiver().answer(400);
            }
            Map<String, Object> record = Map.of("name", "Deal", "email", "jane.roe@example.com");
            if (sample.contains("idempotentConsumer")) {
                bridge.create("contacts", record);
                bridge.create("contacts", record);
                bridge.awaitDelivered("welcome-once", 2);
                assertThat(sandbox.receiver().received()).hasSize(1);
            } else if (sample.contains("impactiveai:deals")) {
                bridge.create("deals", record);
                bridge.awaitDelivered(id(sample), 1);
                assertThat(sandbox.receiver().received()).hasSize(1);
            }
            if (sample.contains("deadLetterChannel")) {
                assertThat(bridge.route(id(sample)).handledByRoute()).isEqualTo(1);
                assertThat(List.of(own.resolve("exports").toFile().list()))
                        .anyMatch(name -> name.startsWith("refused-deals"));
            }
        }
    }
}
