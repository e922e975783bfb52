package io.crmbridge.component.inbox;

import io.crmbridge.component.BridgeServices;
import io.crmbridge.feed.Inbox;
import io.crmbridge.state.StoreException;
import io.crmbridge.web.Request;
import io.crmbridge.web.WebServer.Answer;
import io.crmbridge.web.WebServer.Taker;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /inbox/<name>}: takes entries into the inboxes that a route reads, and answers 202 when they are on disk. What
 * it logs and answers names fields and no values. Thread-safe.
 */
public final class Intake implements Taker, AutoCloseable {
    /** Where it stands on the web server. */
    public static final String PATH = "/inbox/{name}";

    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
    private static final int LONGEST_KEY = 255;
    private static final Map<String, String> LATER = Map.of("Retry-After", "30");

    private final Supplier<List<CamelContext>> camel;
    private volatile BridgeServices services;
    private final Map<String, Desk> desks = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** What stands ready for one inbox. */
    private record Desk(Inbox inbox, InboxRules.Rules rules, Door door, RateLimit rate) {}

    /** @param camel where routes may be that read an inbox */
    public Intake(BridgeServices services, Supplier<List<CamelContext>> camel) {
        this.services = services;
        this.camel = camel;
    }

    /** What the bundle says of inboxes has changed. */
    public void renew(BridgeServices changed) {
        services = changed;
        desks.clear();
    }

    @Override
    public Answer take(Request request) {
        String name = request.name();
        if (!isRead(name)) {
            return Taking.refused(new Refusal(404, "there is no inbox of this name that a route reads"));
        }
        if (closed) {
            return Taking.refused(new Refusal(503, "the bridge stops", LATER));
        }
        Desk desk;
        try {
            desk = desks.computeIfAbsent(name, this::desk);
        } catch (StoreException e) {
            return unwritten(name, e);
        }
        return new Cors(desk.rules().settings().origins()).told(request, answer(desk, name, request));
    }

    private boolean isRead(String name) {
        return camel.get().stream()
                .flatMap(context -> context.getRoutes().stream())
                .anyMatch(route -> route.getEndpoint() instanceof InboxEndpoint inbox
                        && inbox.getName().equals(name));
    }

    private Desk desk(String name) {
        InboxRules.Rules rules = services.inboxes().of(name);
        return new Desk(
                services.runningFeeds().inbox(name),
                rules,
                Door.of(rules.settings(), services.clock()),
                new RateLimit(rules.settings().rate(), services.clock()));
    }

    private Answer answer(Desk desk, String name, Request request) {
        try {
            if (request.method().equals("OPTIONS")) {
                return new Cors(desk.rules().settings().origins()).preflight(request);
            }
            return post(desk, request);
        } catch (Refusal refusal) {
            desk.inbox().refused();
            return Taking.refused(refusal);
        } catch (StoreException e) {
            return unwritten(name, e);
        } catch (IOException e) {
            desk.inbox().refused();
            return Taking.refused(new Refusal(400, "the request ended too early"));
        }
    }

    private static Answer post(Desk desk, Request request) throws Refusal, IOException {
        if (!request.method().equals("POST")) {
            throw new Refusal(405, "an inbox takes POST", Map.of("Allow", "POST, OPTIONS"));
        }
        desk.door().knock(request);
        InboxSettings settings = desk.rules().settings();
        byte[] body = request.body(settings.maxBody())
                .orElseThrow(
                        () -> new Refusal(413, "the request is larger than %d KB".formatted(settings.maxBody() >> 10)));
        Optional<String> key =
                desk.door().enter(request, body).map(String::strip).filter(text -> !text.isEmpty());
        desk.rate().take();
        if (request.header("Content-Encoding")
                .filter(how -> !how.equalsIgnoreCase("identity"))
                .isPresent()) {
            throw new Refusal(415, "Content-Encoding is none that this server reads: send it as it is");
        }
        ContentType type = ContentType.of(request.header("Content-Type").orElse(""));
        if (key.filter(text -> text.length() > LONGEST_KEY).isPresent()) {
            throw new Refusal(400, "the key in the header is longer than %d characters".formatted(LONGEST_KEY));
        }
        boolean partial = request.parameter("partial").filter("true"::equals).isPresent();
        return new Taking(desk.inbox(), desk.rules()).take(type.read(body), key, partial);
    }

    private static Answer unwritten(String name, StoreException e) {
        LOG.error("inbox {}: a request was not accepted: {}", name, e.getMessage());
        return Taking.refused(new Refusal(503, "the entries cannot be written now", LATER));
    }

    /** From here on nothing is accepted; what is under way is still answered. */
    @Override
    public void close() {
        closed = true;
    }
}
