package io.crmbridge.sandbox;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** An empty sandbox on a clock that stands still, whose sequences send when they are told to, and a caller with its key. */
abstract class SandboxTest {
    final SettableClock clock = new SettableClock("2026-05-01T12:00:00.000Z");
    Sandbox sandbox;
    Workspace workspace;
    Caller crm;

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(SandboxOptions.defaults().withClock(clock).withSendEach(Duration.ZERO));
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

    /** Creates contacts with these first names, the last name Doe and an address; returns their ids. */
    String[] contacts(String... firstNames) {
        return Arrays.stream(firstNames)
                .map(name -> workspace.create(
                        "contacts",
                        Map.of(
                                "firstName",
                                name,
                                "lastName",
                                "Doe",
                                "email",
                                name.toLowerCase(Locale.ROOT) + "@example.com")))
                .toArray(String[]::new);
    }

    /** Creates an active sequence whose steps are called Step 0, Step 1, ... with these delays; returns its id. */
    String sequence(int... delayDays) {
        List<Map<String, Object>> steps = new ArrayList<>();
        for (int days : delayDays) {
            steps.add(Map.of("subject", "Step " + steps.size(), "body", "Hello", "delayDays", days));
        }
        return workspace.createSequence(Map.of("name", "Welcome", "steps", steps));
    }

    HttpResponse<String> list(String resource) throws IOException {
        return crm.get("/api/zapier/" + resource);
    }
}
