package io.crmbridge.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.state.Store;
import io.crmbridge.web.WebServer.Answer;
import io.crmbridge.web.WebServer.Page;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;

/** The ops page at /, its JSON at /api/*, and /health. */
public final class OpsPages {
    private static final ObjectMapper JSON = new ObjectMapper();

    private OpsPages() {}

    public static Map<String, Page> of(Store store, Supplier<List<CamelContext>> camel) {
        return Map.of(
                "/", () -> new Answer(200, "text/html; charset=utf-8", page()),
                "/api/status", () -> json(200, Status.of(store, true)),
                "/api/gaps", () -> json(200, GapView.of(store, true)),
                "/api/dead-letters", () -> json(200, DeadLetterView.of(store, false)),
                "/health", () -> health(store, camel.get()));
    }

    /** What a bridge shows that waits for another one: it is well, and does nothing. */
    public static Map<String, Page> standby(Supplier<String> forWhom) {
        return Map.of(
                "/", () -> new Answer(200, "text/plain; charset=utf-8", forWhom.get() + "\n"),
                "/health", () -> json(200, Map.of("status", "STANDBY", "reason", forWhom.get())));
    }

    private static Answer health(Store store, List<CamelContext> camel) throws JsonProcessingException {
        Status status = Status.of(store, true);
        // Camel takes a route that a person paused for one that is down.
        Set<String> paused = status.routes().stream()
                .filter(route -> route.state().equals("PAUSED"))
                .flatMap(route -> Stream.of("route:" + route.id(), "consumer:" + route.id()))
                .collect(Collectors.toSet());
        List<HealthCheck.Result> results = camel.stream()
                .flatMap(context -> HealthCheckHelper.invoke(context).stream())
                .toList();
        List<String> down = results.stream()
                .filter(result -> result.getState() == HealthCheck.State.DOWN)
                .map(result -> result.getCheck().getId())
                .filter(id -> !paused.contains(id))
                .toList();
        boolean up = down.isEmpty() && status.problems().isEmpty();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("status", up ? "UP" : "DOWN");
        body.put("checks", results.size());
        body.put("down", down);
        body.put("problems", status.problems());
        return json(up ? 200 : 503, body);
    }

    private static Answer json(int status, Object body) throws JsonProcessingException {
        return new Answer(status, "application/json", JSON.writeValueAsString(body));
    }

    private static String page() throws IOException {
        try (InputStream page = OpsPages.class.getResourceAsStream("ops.html")) {
            return new String(page.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
