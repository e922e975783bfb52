package io.crmbridge.component.inbox;

import io.crmbridge.web.Request;
import io.crmbridge.web.WebServer.Answer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a browser must be told before a page of another origin may post. */
record Cors(Set<String> origins) {

    /** Empty where the page is of no origin that was named. */
    private Optional<String> origin(Request request) {
        return request.header("Origin").filter(origins::contains);
    }

    Answer preflight(Request request) throws Refusal {
        if (origin(request).isEmpty()) {
            throw new Refusal(403, "no page of this origin may post here");
        }
        return new Answer(
                204,
                "text/plain",
                "",
                Map.of(
                        "Access-Control-Allow-Methods", "POST",
                        "Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key",
                        "Access-Control-Max-Age", "600"));
    }

    Answer told(Request request, Answer answer) {
        if (origins.isEmpty()) {
            return answer;
        }
        Map<String, String> headers = new HashMap<>(answer.headers());
        headers.put("Vary", "Origin");
        origin(request).ifPresent(origin -> {
            headers.put("Access-Control-Allow-Origin", origin);
            headers.put("Access-Control-Expose-Headers", "Retry-After");
        });
        return new Answer(answer.status(), answer.contentType(), answer.body(), headers);
    }
}
