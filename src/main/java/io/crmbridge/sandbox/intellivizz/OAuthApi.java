package io.crmbridge.sandbox.intellivizz;

import io.crmbridge.sandbox.Json;
import io.crmbridge.sandbox.Waits;
import io.crmbridge.sandbox.WebServer;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.security.BasicAuthCredentials;
import java.util.LinkedHashMap;
import java.util.Map;

/** The page where somebody allows an app, and the endpoint that gives its tokens. */
final class OAuthApi {
    private static final String PAGE_PATH = "/v2/oauth/chooselocation";
    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><title>Choose a location</title></head>
            <body>
            <h1>Choose a location</h1>
            <p>The app %s asks for: %s</p>
            <form method="post" action="%s">
            %s<button name="deny" value="true">Cancel</button>
            </form>
            </body>
            </html>
            """;

    private final OAuth oauth;
    private final Locations locations;
    private final Waits waits;

    OAuthApi(OAuth oauth, Locations locations, Waits waits) {
        this.oauth = oauth;
        this.locations = locations;
        this.waits = waits;
    }

    void addTo(RoutesConfig routes) {
        routes.exception(
                OAuthProblem.class, (problem, context) -> WebServer.json(context, problem.status(), problem.body()));
        routes.get(PAGE_PATH, this::page);
        routes.post(PAGE_PATH, context -> {
            String query = context.queryString();
            boolean denied = context.formParam("deny") != null;
            context.status(302)
                    .header(
                            "Location",
                            (denied ? oauth.deny(query) : oauth.consent(query, context.formParam("locationId")))
                                    .toString());
        });
        routes.post("/oauth/token", this::token);
    }

    private void page(Context context) {
        AuthorizationRequest request = oauth.request(context.queryString());
        StringBuilder buttons = new StringBuilder();
        locations.all().forEach(location -> button(buttons, location.id(), location.name()));
        button(buttons, IntellivizzSandbox.AGENCY, "The agency");
        context.header("Content-Security-Policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'")
                .header("X-Content-Type-Options", "nosniff")
                .header("Cache-Control", "no-store")
                .html(PAGE.formatted(
                        escaped(request.clientId()),
                        escaped(String.join(" ", request.scopes())),
                        escaped(PAGE_PATH + "?" + context.queryString()),
                        buttons));
    }

    private void token(Context context) {
        Map<String, String> client = client(context);
        oauth.authenticate(client.get("id"), client.get("secret"));
        String type = required(context, "grant_type");
        OAuth.Tokens tokens = switch (type) {
            case "authorization_code" ->
                oauth.exchange(
                        client.get("id"),
                        required(context, "code"),
                        context.formParam("redirect_uri"),
                        context.formParam("code_verifier"));
            case "refresh_token" -> {
                OAuth.Tokens refreshed = oauth.refresh(client.get("id"), required(context, "refresh_token"));
                waits.await(oauth.refreshTime());
                yield refreshed;
            }
            default ->
                throw new OAuthProblem(
                        400, "unsupported_grant_type", "grant_type must be authorization_code or refresh_token.");
        };
        context.header("Cache-Control", "no-store");
        WebServer.json(context, 200, Json.write(answer(tokens)));
    }

    /** By Basic or in the form. */
    private static Map<String, String> client(Context context) {
        BasicAuthCredentials basic = context.basicAuthCredentials();
        return basic != null
                ? Map.of("id", basic.getUsername(), "secret", basic.getPassword())
                : Map.of("id", required(context, "client_id"), "secret", required(context, "client_secret"));
    }

    private static String required(Context context, String name) {
        String value = context.formParam(name);
        if (value == null || value.isBlank()) {
            throw new OAuthProblem(400, "invalid_request", "%s is required, form-encoded.".formatted(name));
        }
        return value;
    }

    private static Map<String, Object> answer(OAuth.Tokens tokens) {
        boolean camel = tokens.camelCase();
        Access access = tokens.grant().access();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put(camel ? "accessToken" : "access_token", tokens.access());
        answer.put(camel ? "tokenType" : "token_type", "Bearer");
        answer.put(camel ? "expiresIn" : "expires_in", tokens.lives().toSeconds());
        answer.put(camel ? "refreshToken" : "refresh_token", tokens.refresh());
        answer.put("scope", String.join(" ", access.scopes()));
        answer.put("userType", access.isAgency() ? "Company" : "Location");
        answer.put("companyId", IntellivizzSandbox.AGENCY);
        if (!access.isAgency()) {
            answer.put("locationId", access.locationId());
        }
        return answer;
    }

    private static void button(StringBuilder buttons, String id, String name) {
        buttons.append("<button name=\"locationId\" value=\"%s\">%s</button>%n".formatted(escaped(id), escaped(name)));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
