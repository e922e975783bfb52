package io.crmbridge.feed;

import io.crmbridge.crm.Connection;
import io.crmbridge.crm.Crm;
import io.crmbridge.crm.CrmHttp;
import io.crmbridge.crm.FeedContract;
import io.crmbridge.crm.Secret;
import io.crmbridge.crm.impactiveai.ImpactiveAi;
import io.crmbridge.sandbox.Fault;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.sandbox.Workspace;
import io.crmbridge.state.Change;
import io.crmbridge.state.FeedState;
import io.crmbridge.state.Gap;
import io.crmbridge.state.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One feed of the sandbox, polled over HTTP when a test says so. */
final class ListPolls implements AutoCloseable {
    static final Duration LATENESS = Duration.ofMinutes(5);

    final SettableClock clock = new SettableClock("2026-05-01T12:00:00.250Z");
    final Sandbox sandbox =
            Sandbox.start(SandboxOptions.defaults().withClock(clock).withSendEach(Duration.ZERO));
    final Workspace workspace = sandbox.workspace();
    final Crm crm = new ImpactiveAi(
            new Connection("default", ImpactiveAi.TYPE, sandbox.baseUrl(), new Secret(workspace.apiKey())),
            CrmHttp.Limits.DEFAULT,
            clock);
    final Store store;
    FeedPoller poller;
    FeedContract contract;

    ListPolls(Path folder) {
        store = Store.open(folder, clock);
    }

    /** A feed, or the one of a key of a template; as a process that has just started polls it. */
    FeedPoller.Report start(String resource, String... key) {
        open(resource, key);
        return poll();
    }

    void open(String resource, String... key) {
        FeedContract found = ImpactiveAi.FEEDS.stream()
                .filter(feed -> feed.name().equals(resource))
                .findFirst()
                .orElseThrow();
        contract = key.length == 0 ? found : found.of(key[0]);
        long source = store.sources().source("default", ImpactiveAi.TYPE).id();
        FeedState state = store.sources().lease(source, contract.name());
        poller = new FeedPoller(store, crm, contract, state, LATENESS, Set.of(), clock);
    }

    FeedPoller.Report poll() {
        clock.advance(Duration.ofMinutes(1));
        return poller.poll();
    }

    /** What the next poll finds. */
    List<Change> news() {
        long head = store.log().head();
        poll();
        return store.log().read(poller.state().id(), 0, head, 10_000);
    }

    List<Change> all() {
        return store.log().read(poller.state().id(), 0, 0, 10_000);
    }

    List<Gap> gaps() {
        return store.sources().gaps(true);
    }

    Fault fault() {
        return sandbox.faults().on("GET", contract.path());
    }

    String contact(String name) {
        return workspace.create(
                "contacts", Map.of("firstName", name, "lastName", "Test", "email", name + "@example.com"));
    }

    String sequence(String name) {
        return workspace.createSequence(
                Map.of("name", name, "steps", List.of(Map.of("subject", "Hello", "body", "Text", "delayDays", 0))));
    }

    @Override
    public void close() {
        store.close();
        crm.close();
        sandbox.close();
    }
}
