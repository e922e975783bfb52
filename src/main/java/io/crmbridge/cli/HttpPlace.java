package io.crmbridge.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.bundle.deploy.BundleApi;
import io.crmbridge.bundle.deploy.DeployAnswer;
import io.crmbridge.bundle.deploy.ListedDeployment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** Deploys to a running bridge over its HTTP API. */
final class HttpPlace implements DeployTarget.Place {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    /** A large zip over a slow line, and the routes that end their current change. */
    private static final Duration ANSWER = Duration.ofMinutes(3);

    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private final URI url;
    private final String token;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT).build();

    HttpPlace(URI url, String token) {
        if (url.getHost() == null || !List.of("http", "https").contains(url.getScheme())) {
            throw noAddress();
        }
        if (url.getScheme().equals("http") && !isOfThisMachine(url.getHost())) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "--url: the token would go to %s in the open: use https, or a tunnel to this machine"
                            .formatted(url.getHost()));
        }
        this.url = url;
        this.token = token;
    }

    static CommandException noAddress() {
        return new CommandException(
                ExitCodes.USAGE, "--url is no web address: write for example http://127.0.0.1:8080");
    }

    private static boolean isOfThisMachine(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    @Override
    public DeployAnswer deploy(byte[] zip, String who) {
        return answer(send("POST", BundleApi.PATH, "?who=" + encoded(who), BodyPublishers.ofByteArray(zip)));
    }

    @Override
    public DeployAnswer rollback(OptionalLong to, String who) {
        String query = "?who=" + encoded(who) + (to.isPresent() ? "&to=" + to.getAsLong() : "");
        return answer(send("POST", BundleApi.ROLLBACK_PATH, query, BodyPublishers.noBody()));
    }

    @Override
    public List<ListedDeployment> list() {
        HttpResponse<String> response = send("GET", BundleApi.PATH, "", BodyPublishers.noBody());
        if (response.statusCode() != 200) {
            throw failed(response);
        }
        try {
            return JSON.readValue(response.body(), new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw noBridge();
        }
    }

    private DeployAnswer answer(HttpResponse<String> response) {
        if (!List.of(200, 409, 422).contains(response.statusCode())) {
            throw failed(response);
        }
        try {
            return DeployAnswer.of(response.body());
        } catch (IllegalArgumentException e) {
            throw noBridge();
        }
    }

    private HttpResponse<String> send(String method, String path, String query, BodyPublisher body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url.toString().replaceFirst("/+$", "") + path + query))
                .timeout(ANSWER)
                .header("Authorization", "Bearer " + token)
                .method(method, body)
                .build();
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new CommandException(
                    ExitCodes.FAILED,
                    "%s does not answer (%s): is the bridge running, and is that its address? What was sent may still be done: see bundle list"
                            .formatted(url, e.getClass().getSimpleName()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException(
                    ExitCodes.FAILED, "interrupted; what was sent may still be done: see bundle list");
        }
    }

    private CommandException failed(HttpResponse<String> response) {
        if (response.statusCode() == 401) {
            return new CommandException(
                    ExitCodes.USAGE,
                    "%s does not take the token: it is bridge.api.token, or what stands in api-token in the bridge's data folder"
                            .formatted(url));
        }
        return new CommandException(
                ExitCodes.FAILED, "%s answered %d: %s".formatted(url, response.statusCode(), said(response.body())));
    }

    private CommandException noBridge() {
        return new CommandException(ExitCodes.FAILED, "%s is no bridge that this program understands".formatted(url));
    }

    private static String said(String body) {
        try {
            JsonNode json = JSON.readTree(body);
            return json.path("error").asText("it does not say why");
        } catch (JsonProcessingException e) {
            return "it does not say why";
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
