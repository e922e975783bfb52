package io.crmbridge.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.crmbridge.crm.Connection;
import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.CrmHttp;
import io.crmbridge.crm.FeedContract;
import io.crmbridge.crm.Quota;
import io.crmbridge.crm.Secret;
import io.crmbridge.crm.Verdict;
import io.crmbridge.crm.intellivizz.Account;
import io.crmbridge.crm.intellivizz.Catalogue;
import io.crmbridge.crm.intellivizz.Intellivizz;
import io.crmbridge.feed.Dispatching.Route;
import io.crmbridge.sandbox.intellivizz.IntellivizzSandbox;
import io.crmbridge.sandbox.intellivizz.Location;
import io.crmbridge.state.FeedState;
import io.crmbridge.state.Source;
import io.crmbridge.state.Store;
import io.crmbridge.state.Subscription.StartFrom;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One feed for each location of an agency, over HTTP. */
@Timeout(60)
class AgencyFeedTest {
    private static final Duration DELAY = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock("2026-05-01T12:00:00.250Z");
    private final ManualTimer timer = new ManualTimer(clock);
    private final ManualExecutor executor = new ManualExecutor();
    private final Map<String, Route> routes = new TreeMap<>();
    private IntellivizzSandbox sandbox;
    private Intellivizz crm;
    private Store store;
    private FeedRuntime runtime;

    @BeforeEach
    void start() {
        sandbox = IntellivizzSandbox.start(0, clock, 0, 1);
        sandbox.limits();
        crm = connect(sandbox.agencyKey(), Account.ofAgency(IntellivizzSandbox.AGENCY));
        store = Store.open(folder, clock);
        runtime = new FeedRuntime(
                store, List.of(crm), FeedSettings.DEFAULT, clock, timer, executor, executor, new Random(1));
    }

    @AfterEach
    void stop() {
        runtime.close();
        store.close();
        sandbox.close();
    }

    private Intellivizz connect(String key, Account account) {
        return new Intellivizz(
                new Connection("default", Intellivizz.TYPE, sandbox.baseUrl(), new Secret(key)),
                () -> account,
                Catalogue.standard(),
                Quota.NONE,
                CrmHttp.Limits.DEFAULT,
                clock);
    }

    @Test
    void every_feed_but_that_of_the_locations_is_one_for_each_of_them() {
        assertThat(crm.feeds())
                .filteredOn(feed -> !feed.isTemplate())
                .extracting(FeedContract::name)
                .containsExactly("locations");
        assertThat(crm.feeds()).extracting(FeedContract::name).contains("contacts", "appointments", "forms");
    }

    @Test
    void a_location_that_appears_begins_its_feed_with_all_it_has_and_each_tells_its_own() {
        Location first = sandbox.location();
        first.create("contacts", Map.of("id", "old", "firstName", "Old"));
        subscribe("contacts");
        after(DELAY);

        Location second = sandbox.addLocation("loc_second", "Second");
        second.create("contacts", Map.of("id", "there", "firstName", "There"));
        after(DELAY);
        after(DELAY);
        first.create("contacts", Map.of("id", "one", "firstName", "One"));
        second.create("contacts", Map.of("id", "two", "firstName", "Two"));
        after(DELAY);

        assertThat(routes.get(first.id()).got).containsExactly("one");
        assertThat(routes.get("loc_second").got).containsExactly("there", "two");
    }

    @Test
    void a_location_that_is_gone_ends_its_feed() {
        sandbox.addLocation("loc_second", "Second");
        subscribe("contacts");
        after(DELAY);
        assertThat(runtime.polledFeeds()).contains("default/contacts/loc_second");
        String list = "{\"locations\":[{\"id\":\"%s\",\"name\":\"First\"}]}"
                .formatted(sandbox.location().id());
        sandbox.faults()
                .on("GET", "/locations/search")
                .body(list, "application/json")
                .arm();

        after(DELAY);
        after(DELAY);
        after(DELAY);

        assertThat(runtime.polledFeeds()).doesNotContain("default/contacts/loc_second");
        assertThat(runtime.polledFeeds())
                .contains("default/contacts/" + sandbox.location().id());
    }

    @Test
    void what_the_key_may_not_read_stops_no_other_feed_and_is_said() {
        subscribe("contacts");
        sandbox.faults().on("GET", "/opportunities/search").status(403).arm();
        subscribe("opportunities");
        after(DELAY);
        sandbox.location().create("contacts", Map.of("id", "one", "firstName", "One"));
        after(DELAY);

        assertThat(routes.get(sandbox.location().id()).got).containsExactly("one");
        assertThat(store.sources().sources().get(0).state()).isEqualTo(Source.State.OK);
        assertThat(store.sources().feeds())
                .filteredOn(feed -> feed.name().startsWith("opportunities/"))
                .singleElement()
                .extracting(FeedState::error)
                .satisfies(error -> assertThat(error.orElseThrow()).contains("scope opportunities.read"));
    }

    @Test
    void a_key_of_one_location_lists_no_locations_and_is_told_why() {
        try (Intellivizz one = connect(
                sandbox.location().key(), Account.ofLocation(sandbox.location().id()))) {
            FeedContract locations = one.feeds().stream()
                    .filter(feed -> feed.name().equals("locations"))
                    .findFirst()
                    .orElseThrow();

            CrmException failure =
                    catchThrowableOfType(CrmException.class, () -> one.page(locations, Optional.empty()));

            assertThat(failure.verdict()).isEqualTo(Verdict.INVALID);
            assertThat(failure).hasMessageContaining("agency").hasMessageContaining("connection default");
        }
    }

    private void subscribe(String resource) {
        runtime.subscribeEach(
                        spec(resource),
                        new Choice("locations", "*", Optional.empty(), (wrong, right) -> ""),
                        location -> routes.computeIfAbsent(location, none -> new Route()))
                .start();
        run();
    }

    private void after(Duration time) {
        clock.advance(time);
        run();
    }

    private void run() {
        while (executor.runOne(0) || timer.runOneDue()) {
            Thread.onSpinWait();
        }
    }

    private static SubscriptionSpec spec(String resource) {
        return new SubscriptionSpec(
                "bundle",
                resource,
                resource,
                "default",
                resource,
                StartFrom.NOW,
                DELAY,
                Optional.empty(),
                1,
                1,
                RetryPolicy.DEFAULT,
                Optional.empty());
    }
}
