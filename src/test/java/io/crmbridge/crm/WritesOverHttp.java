package io.crmbridge.crm;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.crm.impactiveai.ImpactiveAi;
import io.crmbridge.crm.impactiveai.Operations;
import io.crmbridge.sandbox.Fault;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.state.Intent;
import io.crmbridge.state.Store;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests of writes share: a store, and the sandbox as a CRM whose lists reach back to before whatever a test sends. */
abstract class WritesOverHttp {
    protected static final ObjectMapper JSON = new ObjectMapper();
    protected static final Duration SETTLE = Duration.ofMillis(200);
    protected static final Standing GOOD = new Standing() {
        @Override
        public Runnable aboutToWrite(String resource, int records) {
            return () -> {};
        }

        @Override
        public void admit() {}

        @Override
        public void refused(String reason) {}

        @Override
        public void leaveAlone(CrmException wait) {}
    };

    @TempDir
    protected Path folder;

    protected final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults());
    protected final ExecutorService threads = Executors.newCachedThreadPool();
    protected Store store;
    protected long source;
    protected Crm crm;
    protected Writes writes;

    @BeforeEach
    protected void open() {
        store = Store.open(folder, Clock.systemUTC());
        source = store.sources().source("default", ImpactiveAi.TYPE).id();
        // So that a list reaches back to before whatever a test sends.
        for (String resource : List.of("contacts", "companies", "deals")) {
            sandbox.workspace()
                    .put(
                            resource,
                            Map.of(
                                    "id", "old-" + resource,
                                    "firstName", "Old",
                                    "name", "Old",
                                    "createdAt", "2020-01-01T00:00:00.000Z",
                                    "updatedAt", "2020-01-01T00:00:00.000Z"));
        }
        connect(sandbox.baseUrl(), SETTLE);
    }

    protected void connect(URI url, Duration settle) {
        crm = new ImpactiveAi(
                new Connection("default", ImpactiveAi.TYPE, url, new Secret(Sandbox.DEFAULT_KEY)),
                CrmHttp.Limits.DEFAULT,
                Clock.systemUTC());
        writes = new Writes(new Calls(crm, GOOD), store.intents(), source, settle, Clock.systemUTC());
    }

    @AfterEach
    protected void close() {
        writes.close();
        threads.shutdownNow();
        crm.close();
        store.close();
        sandbox.close();
    }

    protected Fault on(String path) {
        return sandbox.faults().on("POST", path).times(1);
    }

    protected static ObjectNode contact(String name) {
        return JSON.createObjectNode()
                .put("firstName", name)
                .put("lastName", "Example")
                .put("email", name.toLowerCase(java.util.Locale.ROOT) + "@example.com");
    }

    protected static Writes.Request request(String key, String resource, Map<String, String> ids, ObjectNode body) {
        return new Writes.Request(
                key,
                new Call(
                        Operations.find(resource, Operations.names(resource).get(0), Optional.empty())
                                .orElseThrow(),
                        ids,
                        Map.of(),
                        Optional.of(body)));
    }

    protected static Writes.Request contact(String key, String name) {
        return request(key, "contacts", Map.of(), contact(name));
    }

    /** @param before asked right before it is sent */
    protected Intent write(Writes.Request request, Supplier<Writes.Answer> before) {
        return writes.write(List.of(request), "route", asked -> List.of(before.get()))
                .get(0);
    }

    protected Intent write(Writes.Request request) {
        return write(request, () -> Writes.Answer.SEND);
    }

    protected long contacts(String firstName) {
        return sandbox.workspace().all("contacts").stream()
                .filter(row -> firstName.equals(row.get("firstName")))
                .count();
    }
}
