package io.crmbridge.sandbox.intellivizz;

import io.crmbridge.sandbox.Problem;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What an app asks for on the consent page.
 *
 * @param state null where none was given
 * @param challenge null where none was given
 */
record AuthorizationRequest(String clientId, URI redirectUri, Set<String> scopes, String state, String challenge) {

    /** Throws {@link Problem} 400 for what is missing or not understood. @param rawQuery not decoded */
    static AuthorizationRequest of(String rawQuery, boolean refusesPkce) {
        Map<String, String> query = parameters(rawQuery);
        if (!"code".equals(query.get("response_type"))) {
            throw new Problem(400, "response_type is required and must be 'code'.");
        }
        String challenge = query.get("code_challenge");
        if (challenge != null || query.containsKey("code_challenge_method")) {
            if (refusesPkce) {
                throw new Problem(400, "code_challenge and code_challenge_method are no parameters of this page.");
            }
            if (challenge == null || !"S256".equals(query.get("code_challenge_method"))) {
                throw new Problem(400, "code_challenge needs code_challenge_method=S256.");
            }
        }
        return new AuthorizationRequest(
                required(query, "client_id"),
                URI.create(required(query, "redirect_uri")),
                Set.of(required(query, "scope").trim().split(" +")),
                query.get("state"),
                challenge);
    }

    /** Where the browser is sent. */
    URI back(String name, String value) {
        StringBuilder uri = new StringBuilder(redirectUri.toString());
        uri.append(redirectUri.getRawQuery() == null ? '?' : '&')
                .append(name)
                .append('=')
                .append(encode(value));
        if (state != null) {
            uri.append("&state=").append(encode(state));
        }
        return URI.create(uri.toString());
    }

    private static Map<String, String> parameters(String rawQuery) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : rawQuery == null ? new String[0] : rawQuery.split("&")) {
            String[] parts = pair.split("=", 2);
            parameters.put(decode(parts[0]), parts.length == 1 ? "" : decode(parts[1]));
        }
        return parameters;
    }

    private static String required(Map<String, String> query, String name) {
        String value = query.get(name);
        if (value == null || value.isBlank()) {
            throw new Problem(400, "%s is required.".formatted(name));
        }
        return value;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
