package io.crmbridge.sandbox.intellivizz;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A sandbox without people and limits, on a clock that stands still, and callers with its keys. */
abstract class IntellivizzTest {
    final SettableClock clock = new SettableClock();
    IntellivizzSandbox sandbox;
    Location location;
    Caller crm;
    Caller agency;

    @BeforeEach
    void start() {
        sandbox = IntellivizzSandbox.start(0, clock, 0, 1);
        sandbox.limits();
        location = sandbox.location();
        crm = new Caller(sandbox.baseUrl(), location.key());
        agency = new Caller(sandbox.baseUrl(), sandbox.agencyKey());
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    String contact(String email) {
        return location.create("contacts", Map.of("email", email, "firstName", "Ada"));
    }

    /** So many contacts, a second apart, called c1, c2, ... by their ids; the clock stands at the last of them. */
    void contacts(int count) {
        for (int i = 1; i <= count; i++) {
            clock.advance(Duration.ofSeconds(1));
            location.create("contacts", Map.of("id", "c" + i, "email", "c" + i + "@example.com"));
        }
    }

    HttpResponse<String> search(Object... options) throws IOException {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("locationId", location.id());
        for (int i = 0; i < options.length; i += 2) {
            body.put((String) options[i], options[i + 1]);
        }
        return crm.post("/contacts/search", body);
    }
}
