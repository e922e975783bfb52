package io.crmbridge.crm.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.common.contenttype.ContentType;
import com.nimbusds.oauth2.sdk.AccessTokenResponse;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.token.AccessToken;
import com.nimbusds.oauth2.sdk.token.Token;
import io.crmbridge.crm.oauth.TokenAnswer.AppRefused;
import io.crmbridge.crm.oauth.TokenAnswer.GrantRefused;
import io.crmbridge.crm.oauth.TokenAnswer.Granted;
import io.crmbridge.crm.oauth.TokenAnswer.Passing;
import io.crmbridge.state.Tokens.Issued;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** What a token endpoint's answer says, with names in snake_case or camelCase. */
final class TokenJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** What RFC 6749 says of the app or of the request, and not of the grant. */
    private static final Set<String> OF_THE_APP = Set.of(
            "invalid_client", "unauthorized_client", "unsupported_grant_type", "invalid_request", "invalid_scope");

    private TokenJson() {}

    /** @param said the call and its status, for messages */
    static TokenAnswer read(int status, byte[] body, Instant asked, String said) {
        Optional<ObjectNode> answer = object(body).map(TokenJson::snakeCase);
        boolean success = status >= 200 && status < 300;
        if (answer.isEmpty() || status >= 300 && status < 400) {
            // A page of a proxy, say: whatever it is, no token server has spoken.
            return new Passing(said + ", and what is no JSON of a token endpoint", success, false, Optional.empty());
        }
        if (success && !answer.get().has("error")) {
            try {
                return new Granted(issued(answer.get(), asked));
            } catch (ParseException e) {
                return new Passing(said + ", without a token that can be read", true, false, Optional.empty());
            }
        }
        String error = error(answer.get());
        String why = error.isEmpty() ? said : said + " (" + error + ")";
        if (status == 403 && error.isEmpty()) {
            // What stands before a token endpoint answers so too, and knows no grant.
            return new Passing(why, false, false, Optional.empty());
        }
        boolean ofTheGrant = error.equals("invalid_grant")
                || success
                || Set.of(400, 401, 403).contains(status);
        return OF_THE_APP.contains(error) || !ofTheGrant ? new AppRefused(why) : new GrantRefused(why);
    }

    private static Optional<ObjectNode> object(byte[] body) {
        try {
            return JSON.readTree(body) instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static ObjectNode snakeCase(ObjectNode answer) {
        ObjectNode snake = JSON.createObjectNode();
        answer.properties()
                .forEach(field -> snake.set(
                        field.getKey().replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT),
                        field.getValue()));
        return snake;
    }

    /** A code of the standard; other texts might quote what was sent. */
    private static String error(ObjectNode answer) {
        String error = answer.path("error").asText("");
        return error.matches("[a-z_]{1,40}") ? error : "";
    }

    private static Issued issued(ObjectNode answer, Instant asked) throws ParseException {
        if (!answer.has("token_type")) {
            answer.put("token_type", "Bearer");
        }
        JsonNode scope = answer.has("scope") ? answer.get("scope") : answer.path("scopes");
        if (scope.isArray()) {
            answer.put(
                    "scope",
                    StreamSupport.stream(scope.spliterator(), false)
                            .map(JsonNode::asText)
                            .collect(Collectors.joining(" ")));
        } else if (scope.isTextual()) {
            answer.put("scope", scope.asText().replace(',', ' '));
        } else {
            answer.remove("scope");
        }
        answer.put("expires_in", answer.path("expires_in").asLong(0));
        HTTPResponse response = new HTTPResponse(HTTPResponse.SC_OK);
        response.setEntityContentType(ContentType.APPLICATION_JSON);
        response.setBody(answer.toString());
        AccessTokenResponse tokens = AccessTokenResponse.parse(response);
        AccessToken access = tokens.getTokens().getAccessToken();
        String location = answer.path("location_id").asText("");
        return new Issued(
                access.getValue(),
                Optional.ofNullable(tokens.getTokens().getRefreshToken()).map(Token::getValue),
                asked,
                access.getLifetime() > 0 ? Optional.of(asked.plusSeconds(access.getLifetime())) : Optional.empty(),
                access.getScope() == null
                        ? Set.of()
                        : Set.copyOf(access.getScope().toStringList()),
                location.isEmpty() ? answer.path("company_id").asText("") : location,
                answer.path("user_type").asText(""));
    }
}
