package io.crmbridge.cli;

import static org.awaitility.Awaitility.await;

import io.crmbridge.bundle.Bundle;
import io.crmbridge.component.Activity;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.sandbox.WebhookReceiver.Reply;
import io.crmbridge.state.FeedState;
import io.crmbridge.state.Intent;
import io.crmbridge.state.IntentState.Event;
import io.crmbridge.state.PollCommit;
import io.crmbridge.state.Store;
import io.crmbridge.state.StoreDump;
import io.crmbridge.state.Subscription;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lets this version of the program leave a store behind, for later versions to take up. */
final class ReleasedStore {
    /** When all of it happened, as the store says: in the past of whoever reads it. */
    private static final Instant THEN = Instant.parse("2025-06-02T08:00:00Z");

    private final Path folder;

    /** @param folder of the released version; its bundle is there */
    ReleasedStore(Path folder) {
        this.folder = folder;
    }

    static Bundle bundle(Path folder, Sandbox sandbox) {
        Map<String, String> here = new HashMap<>(Map.of(
                "bridge.connection.default.base-url",
                sandbox.baseUrl().toString(),
                "bridge.connection.default.api-key",
                Sandbox.DEFAULT_KEY,
                "bridge.allow-fast-poll",
                "true",
                "poll.delay",
                "200ms"));
        for (String hook : List.of("erp", "shop", "leads")) {
            here.put(
                    "bridge.hook." + hook + ".url",
                    sandbox.receiver().url().resolve(hook).toString());
            here.put("bridge.hook." + hook + ".allow-private", "true");
        }
        return Bundle.at(folder, here);
    }

    /** @param data an empty folder */
    void write(Path data) throws Exception {
        Instant begun = Instant.now();
        Duration earlier = Duration.between(THEN, begun);
        Clock then = Clock.offset(Clock.systemUTC(), earlier.negated());
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults().withClock(then))) {
            sandbox.receiver().answer(call -> {
                String body = call.text();
                return Reply.of(
                        body.contains("Parked") || call.path().equals("/leads")
                                ? 503
                                : body.contains("Dead") ? 422 : 200);
            });
            sandbox.workspace().create("contacts", Map.of("firstName", "Ann", "lastName", "Known"));
            try (BridgeProcess bridge = start(sandbox, data)) {
                await().until(() -> bridge.store().sources().feeds().stream()
                                .filter(feed -> feed.polls() > 0)
                                .count()
                        == 2);
                bridge.store().subscriptions().pauseRoute("sales", "contacts-to-shop", true);
            }
            try (BridgeProcess bridge = start(sandbox, data)) {
                String won = sandbox.workspace().create("deals", Map.of("name", "Fine", "amount", 500));
                await().until(() -> sandbox.receiver().count() == 1);
                sandbox.workspace().update("deals", won, Map.of("stageName", "Won"));
                sandbox.workspace().create("deals", Map.of("name", "Parked", "amount", 700));
                sandbox.workspace().create("deals", Map.of("name", "Dead", "amount", 900));
                sandbox.workspace().create("contacts", Map.of("firstName", "Ben", "lastName", "Waits"));
                lead(URI.create(bridge.address()));
                await().atMost(Duration.ofSeconds(20)).until(() -> isAllThere(bridge.store()));
            }
        }
        try (Store store = Store.open(data, Clock.systemUTC())) {
            openMatters(store);
        }
        StoreDump.write(data, folder.resolve("store.sql"), begun, earlier);
    }

    static BridgeProcess start(Path bundle, Sandbox sandbox, Path data) {
        return BridgeProcess.start(bundle(bundle, sandbox), data, 0, Map.of(), Activity.NONE);
    }

    private BridgeProcess start(Sandbox sandbox, Path data) {
        return start(folder.resolve("bundle"), sandbox, data);
    }

    private static void lead(URI bridge) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(bridge.resolve("inbox/leads"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"email\":\"cem@example.com\"}"))
                .build();
        HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }

    private static boolean isAllThere(Store store) {
        Map<String, Subscription> places = new HashMap<>();
        store.subscriptions().all().forEach(place -> places.put(place.routeId(), place));
        return store.deadLetters().list(false).size() == 1
                && store.subscriptions()
                                .parked(places.get("deals-to-shop").id())
                                .size()
                        == 1
                && store.subscriptions().parked(places.get("leads").id()).size() == 1
                && places.get("deals-to-shop").delivered() == 2
                && places.get("deal-won-to-erp").delivered() == 4
                && store.subscriptions().waiting(places.get("contacts-to-shop")) == 1;
    }

    /** A gap, and a write whose outcome a person must find out. */
    private static void openMatters(Store store) {
        FeedState known = store.sources().feeds().stream()
                .filter(feed -> feed.name().equals("deals"))
                .findFirst()
                .orElseThrow();
        FeedState deals = store.sources().lease(known.sourceId(), "deals");
        store.log()
                .commit(new PollCommit(
                        deals,
                        List.of(),
                        List.of(),
                        Optional.of(new PollCommit.NewGap(
                                THEN, THEN.plusSeconds(10), "the page was full, and its oldest row was too new")),
                        List.of()));
        Intent intent = store.intents()
                .plan(List.of(new Intent.Plan(
                        deals.sourceId(),
                        "a write",
                        "contacts",
                        "create",
                        "leads",
                        "dan@example.com",
                        "{\"email\":\"dan@example.com\"}".getBytes(StandardCharsets.UTF_8))))
                .get(0);
        store.intents().happened(List.of(intent.id()), Event.SEND, Intent.Note.NONE);
        store.intents().happened(List.of(intent.id()), Event.UNCLEAR, Intent.Note.reason("the answer was lost"));
    }
}
