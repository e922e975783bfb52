package io.crmbridge.sandbox.intellivizz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Calls the sandbox as a customer's program would, with a key and the right version of each path. */
final class Caller {
    static final ObjectMapper JSON = new ObjectMapper();

    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final URI base;
    private final String key;

    Caller(URI base, String key) {
        this.base = base;
        this.key = key;
    }

    HttpResponse<String> get(String path) throws IOException {
        return send("GET", path, null);
    }

    HttpResponse<String> post(String path, Object body) throws IOException {
        return send("POST", path, body);
    }

    HttpResponse<String> put(String path, Object body) throws IOException {
        return send("PUT", path, body);
    }

    HttpResponse<String> delete(String path) throws IOException {
        return send("DELETE", path, null);
    }

    HttpResponse<String> send(String method, String path, Object body) throws IOException {
        Map<String, String> headers = new TreeMap<>();
        boolean older = path.startsWith("/conversations") || path.startsWith("/calendars");
        headers.put("Version", older ? "2021-04-15" : "2021-07-28");
        if (key != null) {
            headers.put("Authorization", "Bearer " + key);
        }
        return send(method, path, body == null ? null : JSON.writeValueAsString(body), headers);
    }

    HttpResponse<String> send(String method, String path, String body, Map<String, String> headers) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(10))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        headers.forEach(request::header);
        try {
            return CLIENT.send(request.build(), BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static JsonNode json(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw new AssertionError("Not JSON: " + answer.body(), e);
        }
    }

    /** One field of every row of the list under this member. */
    static List<String> column(HttpResponse<String> answer, String member, String field) {
        List<String> values = new ArrayList<>();
        json(answer).path(member).forEach(row -> values.add(row.path(field).asText()));
        return values;
    }

    static String message(HttpResponse<String> answer) {
        return json(answer).path("message").asText();
    }
}
