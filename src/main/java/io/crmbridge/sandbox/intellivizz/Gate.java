package io.crmbridge.sandbox.intellivizz;

import io.crmbridge.sandbox.FaultFilter;
import io.crmbridge.sandbox.Json;
import io.crmbridge.sandbox.Problem;
import io.crmbridge.sandbox.Requests;
import io.crmbridge.sandbox.WebServer;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Whom the API lets in: a request is counted, its key's limits are looked at, a fault may strike, then come key, version and scope. */
final class Gate {
    private static final String ALL = "/*";
    private static final String BEARER = "Bearer ";
    private static final String USUAL_VERSION = "2021-07-28";
    private static final String OLDER_VERSION = "2021-04-15";
    private static final List<String> OLDER = List.of("/conversations", "/calendars");

    private final Function<String, Optional<Access>> tokens;
    private final RateLimits limits;
    private final Requests requests;
    private final Locations locations;

    /** @param tokens what a key or an access token may do, empty for one that is not valid */
    Gate(Function<String, Optional<Access>> tokens, RateLimits limits, Requests requests, Locations locations) {
        this.tokens = tokens;
        this.limits = limits;
        this.requests = requests;
        this.locations = locations;
    }

    /** Before all other routes. */
    void addTo(RoutesConfig routes, FaultFilter faults) {
        routes.exception(Problem.class, (problem, context) -> {
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("statusCode", problem.status());
            answer.put("message", problem.getMessage());
            WebServer.json(context, problem.status(), Json.write(answer));
        });
        routes.before(ALL, this::count);
        faults.addTo(routes, ALL);
        routes.before(ALL, Gate::refuseHead);
    }

    /** Throws {@link Problem} where the request may not be executed. */
    Call admit(Context context, String scope) {
        Access access = access(context);
        version(context);
        if (!access.allows(scope)) {
            throw new Problem(403, "This token does not have the scope %s, which the call needs.".formatted(scope));
        }
        if (access.isAgency() && scope.endsWith(".write")) {
            throw new Problem(403, "The agency's token reads; to write, take the location's.");
        }
        return new Call(context, access, locations);
    }

    /** The router would answer HEAD with its GET. */
    private static void refuseHead(Context context) {
        if (context.method() == HandlerType.HEAD) {
            throw new Problem(405, "HEAD is not one of the verbs of " + context.path());
        }
    }

    private void count(Context context) {
        requests.add(context.method().name(), context.path());
        token(context).flatMap(limits::arrived).ifPresent(wait -> {
            context.header("Retry-After", Long.toString(seconds(wait)));
            throw new Problem(429, "Too many requests: the limit of this key is exceeded.");
        });
    }

    private Access access(Context context) {
        String token = token(context)
                .orElseThrow(() -> new Problem(401, "The header Authorization must be given as 'Bearer' and the key."));
        return tokens.apply(token)
                .orElseThrow(
                        () -> new Problem(401, "The key or access token is not valid, was revoked or has expired."));
    }

    private static void version(Context context) {
        String expected = OLDER.stream().anyMatch(context.path()::startsWith) ? OLDER_VERSION : USUAL_VERSION;
        String given = context.header("Version");
        if (!expected.equals(given)) {
            throw new Problem(
                    400,
                    given == null
                            ? "The header Version is missing: here it is %s.".formatted(expected)
                            : "The header Version is '%s' and must be %s here.".formatted(given, expected));
        }
    }

    private static Optional<String> token(Context context) {
        String header = context.header("Authorization");
        return header != null && header.startsWith(BEARER)
                ? Optional.of(header.substring(BEARER.length()).trim())
                : Optional.empty();
    }

    /** Whole ones, so that who waits them does not come too soon. */
    private static long seconds(Duration wait) {
        return wait.toSeconds() + (wait.toNanosPart() > 0 ? 1 : 0);
    }
}
