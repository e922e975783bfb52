package io.crmbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.bundle.BundleReader;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.sandbox.WebhookReceiver.Received;
import io.crmbridge.state.Change;
import io.crmbridge.state.DeadLetters;
import io.crmbridge.state.DeadLetters.DeadLetter;
import io.crmbridge.state.FeedState;
import io.crmbridge.state.Intent;
import io.crmbridge.state.IntentState;
import io.crmbridge.state.Source;
import io.crmbridge.state.Store;
import io.crmbridge.state.StoreDump;
import io.crmbridge.state.Subscription;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A bundle and a store that a released version has left (src/test/resources/released/VERSION), taken up by this one. Those of the
 * coming version are written by {@code mvn -Dtest=ReleasedVersionsTest -Dupdate.fixture=0.1.0 test}.
 */
@Timeout(60)
class ReleasedVersionsTest {
    private static final Path RELEASED = Path.of("src/test/resources/released");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @BeforeAll
    static void write(@TempDir Path data) throws Exception {
        String version = System.getProperty("update.fixture");
        if (version != null) {
            new ReleasedStore(RELEASED.resolve(version)).write(data);
        }
    }

    static List<Path> versions() throws IOException {
        try (Stream<Path> all = Files.list(RELEASED)) {
            return all.filter(version -> Files.exists(version.resolve("store.sql")))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void what_a_released_version_had_not_delivered_is_delivered_and_nothing_else(Path version) throws Exception {
        Path bundle = version.resolve("bundle");
        Path data = folder.resolve("data");
        StoreDump.read(version.resolve("store.sql"), data);
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults().withSeed(2))) {
            assertThat(BundleReader.read(ReleasedStore.bundle(bundle, sandbox), Map.of()))
                    .satisfies(reading -> {
                        assertThat(reading.findings()).isEmpty();
                        assertThat(reading.warnings()).isEmpty();
                        assertThat(reading.off()).isEmpty();
                    });
            List<Subscription> places;
            try (Store store = Store.open(data, Clock.systemUTC())) {
                places = store.subscriptions().all();
                theCrmHas(store, sandbox);
            }
            sandbox.workspace().create("deals", Map.of("name", "Later", "amount", 300));

            try (BridgeProcess bridge = ReleasedStore.start(bundle, sandbox, data)) {
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(received(sandbox))
                                .containsExactlyInAnyOrder("/shop Parked", "/shop Later", "/leads cem@example.com"));
                String last = sandbox.workspace().create("deals", Map.of("name", "Last", "amount", 100));
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(received(sandbox)).contains("/shop Last"));
                sandbox.workspace().update("deals", last, Map.of("stageName", "Won"));
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(received(sandbox)).contains("/erp Last"));

                assertThat(received(sandbox))
                        .filteredOn(call -> !call.endsWith("Last"))
                        .containsExactlyInAnyOrder("/shop Parked", "/shop Later", "/leads cem@example.com");
                openMattersAreAsTheyWere(bridge.store());
                placesHaveGoneOn(places, bridge.store().subscriptions().all());
            }
        }
    }

    /** The records that the store last saw. */
    private static void theCrmHas(Store store, Sandbox sandbox) throws IOException {
        assertThat(store.sources().sources())
                .extracting(Source::workspaceId)
                .contains(Optional.of(sandbox.workspace().id()));
        for (FeedState feed : store.sources().feeds()) {
            if (Set.of("deals", "contacts").contains(feed.name())) {
                for (Change change : store.log().snapshot(feed.id(), 0, 100)) {
                    sandbox.workspace().put(feed.name(), JSON.readValue(change.body(), new TypeReference<>() {}));
                }
            }
        }
    }

    private static List<String> received(Sandbox sandbox) {
        return sandbox.receiver().received().stream()
                .map(ReleasedVersionsTest::summary)
                .toList();
    }

    private static String summary(Received call) {
        try {
            Map<String, Object> body = JSON.readValue(call.body(), new TypeReference<>() {});
            return call.path() + " " + body.getOrDefault("name", body.get("email"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void openMattersAreAsTheyWere(Store store) {
        assertThat(store.deadLetters().list(true))
                .extracting(DeadLetter::route, DeadLetter::state)
                .containsExactly(tuple("deals-to-shop", DeadLetters.State.DEAD));
        assertThat(store.sources().gaps(true))
                .hasSize(1)
                .allSatisfy(gap -> assertThat(gap.closedAt()).isEmpty());
        assertThat(store.intents().list(Set.of(IntentState.values()), 10))
                .extracting(Intent::state)
                .containsExactly(IntentState.UNKNOWN);
    }

    private static void placesHaveGoneOn(List<Subscription> before, List<Subscription> after) {
        assertThat(after)
                .extracting(Subscription::id)
                .containsExactlyElementsOf(before.stream().map(Subscription::id).toList());
        for (int at = 0; at < before.size(); at++) {
            assertThat(after.get(at).name()).isEqualTo(before.get(at).name());
            if (before.get(at).routeId().equals("contacts-to-shop")) {
                assertThat(after.get(at)).isEqualTo(before.get(at));
            } else {
                assertThat(after.get(at).position())
                        .isGreaterThanOrEqualTo(before.get(at).position());
            }
        }
    }
}
