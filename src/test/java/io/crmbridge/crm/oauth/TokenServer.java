package io.crmbridge.crm.oauth;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * An authorization server: codes with PKCE, refresh tokens that rotate and work once, and a grant that is gone for good when one
 * is used twice.
 */
public final class TokenServer implements AutoCloseable {
    public static final String CLIENT = "client-1";
    public static final String SECRET = "s3cret-of-client";

    /** What becomes of one call. */
    public enum Fault {
        /** Nothing is done, and nothing answered. */
        HANGS,
        /** It is done, and the answer never comes. */
        LOSES_ANSWER,
        /** It is done, and the connection breaks. */
        BREAKS_AFTER,
        UNAVAILABLE,
        TOO_MANY,
        REFUSES_APP,
        PAGE,
        POINTS_ELSEWHERE
    }

    private record Code(String challenge, String redirectUri, String scope) {}

    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Map<String, Code> codes = new HashMap<>();
    private final Set<String> accepted = new HashSet<>();
    private String refreshToken = "";
    private String scope = "";
    private int number;
    private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();

    public volatile boolean camelCase;
    public volatile long expiresIn = 3600;
    public volatile String location = "loc1";

    public TokenServer() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(threads);
        http.createContext("/oauth/token", this::token);
        http.createContext("/contacts", this::contacts);
        http.start();
    }

    public URI base() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    }

    public OAuthEndpoints endpoints() {
        return new OAuthEndpoints(base().resolve("/authorize"), base().resolve("/oauth/token"));
    }

    public void next(Fault... next) {
        faults.addAll(List.of(next));
    }

    /** Grant types asked for, in their order. */
    public List<String> calls() {
        return calls;
    }

    public long refreshes() {
        return calls.stream().filter("refresh_token"::equals).count();
    }

    /** Somebody consents on the page at that address: where the browser is sent then. */
    public synchronized URI consent(URI page) {
        Map<String, String> asked = parameters(page.getRawQuery());
        if (!asked.get("client_id").equals(CLIENT)
                || !asked.get("response_type").equals("code")
                || !asked.get("code_challenge_method").equals("S256")) {
            throw new IllegalStateException("no page to consent on: " + page);
        }
        String code = "code-" + ++number;
        codes.put(
                code,
                new Code(asked.get("code_challenge"), asked.get("redirect_uri"), asked.getOrDefault("scope", "")));
        return URI.create(asked.get("redirect_uri") + "?code=" + code + "&state="
                + URLEncoder.encode(asked.get("state"), StandardCharsets.UTF_8));
    }

    public synchronized void uninstall() {
        refreshToken = "";
        accepted.clear();
    }

    /** The CRM does not take the access tokens any more that it has issued; the grant stays. */
    public synchronized void refuseAccess() {
        accepted.clear();
    }

    private void token(HttpExchange exchange) throws IOException {
        Map<String, String> form =
                parameters(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        Fault fault = faults.poll();
        calls.add(form.getOrDefault("grant_type", ""));
        if (fault == Fault.HANGS) {
            hang(exchange);
            return;
        }
        if (fault != null && fault != Fault.LOSES_ANSWER && fault != Fault.BREAKS_AFTER) {
            answer(exchange, fault);
            return;
        }
        Answer answer = grant(form);
        if (fault == Fault.LOSES_ANSWER) {
            hang(exchange);
        } else if (fault == Fault.BREAKS_AFTER) {
            exchange.close();
        } else {
            send(exchange, answer.status(), "application/json", answer.body());
        }
    }

    private void answer(HttpExchange exchange, Fault fault) throws IOException {
        switch (fault) {
            case UNAVAILABLE -> send(exchange, 500, "text/plain", "down");
            case TOO_MANY -> {
                exchange.getResponseHeaders().set("Retry-After", "90");
                send(exchange, 429, "text/plain", "");
            }
            case REFUSES_APP -> send(exchange, 401, "application/json", "{\"error\":\"invalid_client\"}");
            case PAGE -> send(exchange, 403, "text/html", "<h1>Blocked</h1>");
            case POINTS_ELSEWHERE -> {
                exchange.getResponseHeaders().set("Location", base() + "/oauth/token");
                send(exchange, 307, "text/plain", "");
            }
            case HANGS, LOSES_ANSWER, BREAKS_AFTER -> throw new IllegalStateException(fault + " is no answer");
        }
    }

    private record Answer(int status, String body) {}

    private synchronized Answer grant(Map<String, String> form) {
        if (!CLIENT.equals(form.get("client_id")) || !SECRET.equals(form.get("client_secret"))) {
            return new Answer(401, "{\"error\":\"invalid_client\"}");
        }
        if ("authorization_code".equals(form.get("grant_type"))) {
            Code code = codes.remove(form.get("code"));
            if (code == null
                    || !code.redirectUri().equals(form.get("redirect_uri"))
                    || !code.challenge().equals(challenge(form.getOrDefault("code_verifier", "")))) {
                return refused();
            }
            scope = code.scope();
        } else if (refreshToken.isEmpty() || !refreshToken.equals(form.get("refresh_token"))) {
            // Used twice, so perhaps stolen.
            uninstall();
            return refused();
        }
        return new Answer(200, issue());
    }

    private Answer refused() {
        return new Answer(
                400, "{\"error\":\"invalid_grant\",\"error_description\":\"s3cret-of-client is quoted here\"}");
    }

    private String issue() {
        String access = "s3cret-access-" + ++number;
        accepted.add(access);
        refreshToken = "s3cret-refresh-" + number;
        String text = """
                {"access_token":"%s","refresh_token":"%s","token_type":"Bearer","expires_in":%d,"scope":"%s",
                 "location_id":"%s","company_id":"com1","user_type":"Location","user_id":"u1"}""".formatted(access, refreshToken, expiresIn, scope, location);
        return !camelCase
                ? text
                : text.replace("access_token", "accessToken")
                        .replace("refresh_token", "refreshToken")
                        .replace("\"token_type\":\"Bearer\",", "")
                        .replace("expires_in", "expiresIn")
                        .replace("location_id", "locationId")
                        .replace("company_id", "companyId")
                        .replace("user_type", "userType");
    }

    private void contacts(HttpExchange exchange) throws IOException {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        boolean taken;
        synchronized (this) {
            taken = authorization != null && accepted.contains(authorization.replace("Bearer ", ""));
        }
        send(exchange, taken ? 200 : 401, "application/json", "{}");
    }

    private void hang(HttpExchange exchange) {
        try {
            closing.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exchange.close();
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static Map<String, String> parameters(String text) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : text.split("&")) {
            String[] parts = pair.split("=", 2);
            parameters.put(parts[0], parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return parameters;
    }

    private static String challenge(String verifier) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        closing.countDown();
        http.stop(0);
        threads.shutdownNow();
    }
}
