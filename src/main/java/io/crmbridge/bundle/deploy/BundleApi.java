package io.crmbridge.bundle.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.bundle.pack.Archive;
import io.crmbridge.crm.Secret;
import io.crmbridge.web.Request;
import io.crmbridge.web.WebServer.Answer;
import io.crmbridge.web.WebServer.Taker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Deploys over HTTP: {@code POST /api/bundle} with a zip, {@code POST /api/bundle/rollback}, {@code GET /api/bundle}. Whoever
 * does not show the token learns and does nothing, and no page in a browser may ask at all. Thread-safe.
 */
public final class BundleApi {
    public static final String PATH = "/api/bundle";
    public static final String ROLLBACK_PATH = PATH + "/rollback";
    private static final String BEARER = "bearer ";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Secret token;
    private final Deployer deployer;

    public BundleApi(Secret token, Deployer deployer) {
        this.token = token;
        this.deployer = deployer;
    }

    /** By path. */
    public Map<String, Taker> takers() {
        return Map.of(PATH, guarded(this::bundle), ROLLBACK_PATH, guarded(this::rollback));
    }

    private Taker guarded(Taker taker) {
        return request -> {
            if (request.header("Origin").isPresent()) {
                return error(403, "no page in a browser may ask this", Map.of());
            }
            String given = request.header("Authorization")
                    .filter(text -> text.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                    .map(text -> text.substring(BEARER.length()).strip())
                    .orElse("");
            // In a time that does not tell how much of them is equal.
            if (!MessageDigest.isEqual(
                    token.value().getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8))) {
                return error(
                        401,
                        "the header Authorization is not Bearer and the token",
                        Map.of("WWW-Authenticate", "Bearer"));
            }
            return Who.isName(who(request)) ? taker.take(request) : error(400, Who.RULE, Map.of());
        };
    }

    private Answer bundle(Request request) throws IOException {
        return switch (request.method()) {
            case "GET" -> json(200, deployer.list(), Map.of());
            case "POST" ->
                request.body(Archive.MOST_ZIPPED)
                        .map(zip -> answer(deployer.deploy(zip, who(request))))
                        .orElseGet(() -> error(
                                413, "the zip is larger than %d MB".formatted(Archive.MOST_ZIPPED >> 20), Map.of()));
            default -> error(405, "this takes GET and POST", Map.of("Allow", "GET, POST"));
        };
    }

    private Answer rollback(Request request) throws IOException {
        if (!request.method().equals("POST")) {
            return error(405, "this takes POST", Map.of("Allow", "POST"));
        }
        String to = request.parameter("to").orElse("");
        if (!to.matches("|[1-9]\\d{0,8}")) {
            return error(400, "to is no number of a deployment", Map.of());
        }
        return answer(deployer.rollback(
                to.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(to)), who(request)));
    }

    private static String who(Request request) {
        return request.parameter("who").filter(text -> !text.isBlank()).orElse("HTTP API");
    }

    private static Answer answer(DeployAnswer answer) {
        int status = switch (answer.outcome()) {
            case DEPLOYED, UNCHANGED -> 200;
            case REFUSED -> answer.findings().isEmpty() ? 409 : 422;
        };
        return json(status, answer, Map.of());
    }

    private static Answer error(int status, String text, Map<String, String> headers) {
        return json(status, Map.of("error", text), headers);
    }

    private static Answer json(int status, Object body, Map<String, String> headers) {
        try {
            return new Answer(status, "application/json", JSON.writeValueAsString(body) + "\n", headers);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer of texts and numbers can be written", e);
        }
    }
}
