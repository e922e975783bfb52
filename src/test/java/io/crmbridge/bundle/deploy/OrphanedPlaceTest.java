package io.crmbridge.bundle.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.BundleReader;
import io.crmbridge.bundle.BundleReader.Reading;
import io.crmbridge.bundle.pack.PackedBundles;
import io.crmbridge.state.ChangeKind;
import io.crmbridge.state.FeedState;
import io.crmbridge.state.MirrorRow;
import io.crmbridge.state.NewChange;
import io.crmbridge.state.PollCommit;
import io.crmbridge.state.Store;
import io.crmbridge.state.Subscription.StartFrom;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Places in the log that a new version of a bundle leaves behind are told, with what waits there. */
@Timeout(60)
class OrphanedPlaceTest {
    @TempDir
    private Path temp;

    private Store store;
    private FeedState deals;
    private Path folder;

    @BeforeEach
    void begin() throws IOException {
        store = Store.open(temp.resolve("data"), Clock.systemUTC());
        long source = store.sources().source("default", "impactiveai").id();
        deals = store.sources().lease(source, "deals");
        FeedState companies = store.sources().lease(source, "companies");
        store.subscriptions().open("deals", "deal-to-erp", "deal-to-erp", deals.id(), StartFrom.BEGINNING, null);
        store.subscriptions().open("deals", "stays", "stays", companies.id(), StartFrom.NOW, null);
        store.log()
                .commit(new PollCommit(
                        deals,
                        IntStream.range(0, 3)
                                .mapToObj(OrphanedPlaceTest::change)
                                .toList(),
                        Collections.nCopies(3, new byte[MirrorRow.MARK]),
                        Optional.empty(),
                        List.of()));
        folder = PackedBundles.folder(temp.resolve("deals"), "1.0.0");
        PackedBundles.route(folder, "stays", "impactiveai:companies");
    }

    @AfterEach
    void end() {
        store.close();
    }

    private static NewChange change(int record) {
        return new NewChange(
                "r" + record,
                "v",
                new byte[32],
                new byte[32],
                ChangeKind.UPDATED,
                false,
                false,
                List.of(),
                0,
                "{}".getBytes(StandardCharsets.UTF_8));
    }

    private Reading read() {
        Reading reading = BundleReader.read(Bundle.at(folder, Map.of()), Map.of());
        assertThat(reading.findings()).isEmpty();
        return reading;
    }

    private List<OrphanedPlace> places() {
        return OrphanedPlace.of(store, read());
    }

    @Test
    void where_every_route_goes_on_nothing_is_told() throws IOException {
        PackedBundles.route(folder, "deal-to-erp", "impactiveai:deals");

        assertThat(places()).isEmpty();
        assertThat(OrphanedPlace.ofAnotherName(store, read())).isEmpty();
    }

    @Test
    void a_renamed_route_is_told_how_to_go_on_in_its_place() throws IOException {
        PackedBundles.route(folder, "won-deals", "impactiveai:deals");

        OrphanedPlace place = places().get(0);

        assertThat(place).isEqualTo(new OrphanedPlace("deal-to-erp", "deals", 3, "won-deals"));
        assertThat(place.sentence())
                .isEqualTo("the place deal-to-erp in deals is left behind, where 3 changes wait;"
                        + " to go on in its place set subscription=deal-to-erp on the source of won-deals");
    }

    @Test
    void a_route_that_names_the_place_goes_on_in_it() throws IOException {
        PackedBundles.route(folder, "won-deals", "impactiveai:deals?subscription=deal-to-erp");

        assertThat(places()).isEmpty();
    }

    @Test
    void a_route_whose_options_stand_apart_names_its_place_too() throws IOException {
        Files.writeString(folder.resolve("routes/won.yaml"), """
                - route:
                    id: won-deals
                    from:
                      uri: impactiveai:deals
                      parameters:
                        subscription: "{{its.place}}"
                      steps:
                        - to:
                            uri: export:deals.csv
                """);
        Files.writeString(
                folder.resolve("application.properties"),
                Files.readString(folder.resolve("application.properties")) + "its.place=deal-to-erp\n");

        assertThat(places()).isEmpty();
    }

    @Test
    void of_several_new_routes_on_the_feed_the_nearest_name_is_told_and_none_on_another_feed() throws IOException {
        PackedBundles.route(folder, "deals-to-erp", "impactiveai:deals");
        PackedBundles.route(folder, "everything-else", "impactiveai:deals");
        assertThat(places()).extracting(OrphanedPlace::heir).containsExactly("deals-to-erp");

        Files.delete(folder.resolve("routes/deals-to-erp.yaml"));
        Files.delete(folder.resolve("routes/everything-else.yaml"));
        PackedBundles.route(folder, "deal-to-erp-2", "impactiveai:contacts");
        OrphanedPlace place = places().get(0);
        assertThat(place.heir()).isNull();
        assertThat(place.sentence()).endsWith("3 changes wait; it is kept for 30 days");
    }

    @Test
    void a_bundle_of_another_name_is_told_loudly() throws IOException {
        PackedBundles.route(folder, "deal-to-erp", "impactiveai:deals");
        Files.writeString(
                folder.resolve("application.properties"),
                Files.readString(folder.resolve("application.properties")).replace("bundle=deals", "bundle=sales"));

        assertThat(OrphanedPlace.ofAnotherName(store, read()).orElseThrow())
                .contains("the name of this bundle is sales, and the places in the log are 2 of deals")
                .contains("none of its routes goes on in them")
                .contains("set bridge.bundle=deals");
    }
}
