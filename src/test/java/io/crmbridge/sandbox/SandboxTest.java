package io.crmbridge.sandbox;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** An empty sandbox on a clock that stands still, and a caller with its key. */
abstract class SandboxTest {
    final SettableClock clock = new SettableClock("2026-05-01T12:00:00.000Z");
    Sandbox sandbox;
    Workspace workspace;
    Caller crm;

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(SandboxOptions.defaults().withClock(clock));
        workspace = sandbox.workspace();
        crm = new Caller(sandbox.baseUrl(), workspace.apiKey());
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    /** Creates so many companies, a second apart; the first is stamped a second from now. */
    void companies(int count) {
        for (int i = 1; i <= count; i++) {
            clock.advance(Duration.ofSeconds(1));
            workspace.create("companies", Map.of("name", "Company " + i));
        }
    }

    HttpResponse<String> list(String resource) throws IOException {
        return crm.get("/api/zapier/" + resource);
    }
}
