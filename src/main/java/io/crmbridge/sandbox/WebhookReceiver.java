package io.crmbridge.sandbox;

import io.javalin.Javalin;
import io.javalin.http.Context;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A webhook target on its own server and port. It accepts POST on every path, keeps what it got, and answers
 * {@code 200 {"ok":true}} unless told otherwise. A call is counted before it is answered. Thread-safe.
 */
public final class WebhookReceiver implements AutoCloseable {
    /** So many calls are kept, the newest ones; {@link #count()} counts on. */
    static final int KEPT = 100_000;

    private final Clock clock;
    private final Deque<Received> received = new ArrayDeque<>();
    private final int port;
    private volatile Function<Received, Reply> behaviour = call -> Reply.ok();
    private int count;
    private Javalin server;
    private Waits waits = new Waits();

    /**
     * One call as it arrived.
     *
     * @param path without the query
     * @param query as it came, not decoded; empty for none
     * @param headers lower-case names; a repeated header's values are joined with a comma
     * @param body not copied, so do not change it
     */
    public record Received(Instant at, String path, String query, Map<String, String> headers, byte[] body) {
        /** The body as UTF-8. */
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /**
     * What to answer.
     *
     * @param delay waited, in real time, before the answer
     * @param reset drop the connection instead of answering
     */
    public record Reply(int status, Map<String, String> headers, byte[] body, Duration delay, boolean reset) {
        public Reply {
            headers = Map.copyOf(headers);
            Objects.requireNonNull(body, "body");
            Objects.requireNonNull(delay, "delay");
        }

        /** Status 200 with {@code {"ok":true}}. */
        public static Reply ok() {
            return new Reply(200, Map.of(), Json.write(Map.of("ok", true)), Duration.ZERO, false);
        }

        /** This status with a body that repeats whether it is a success. */
        public static Reply of(int status) {
            byte[] body = Json.write(Map.of("ok", status >= 200 && status < 300));
            return new Reply(status, Map.of(), body, Duration.ZERO, false);
        }

        /** The connection is dropped without an answer. */
        public static Reply dropped() {
            return new Reply(200, Map.of(), new byte[0], Duration.ZERO, true);
        }

        public Reply withHeader(String name, String value) {
            Map<String, String> all = new TreeMap<>(headers);
            all.put(name, value);
            return new Reply(status, all, body, delay, reset);
        }

        public Reply withDelay(Duration newDelay) {
            return new Reply(status, headers, body, newDelay, reset);
        }
    }

    private WebhookReceiver(int requestedPort, Clock clock) {
        this.clock = clock;
        server = startServer(requestedPort);
        port = server.port();
    }

    static WebhookReceiver start(int port, Clock clock) {
        return new WebhookReceiver(port, clock);
    }

    /** {@code http://127.0.0.1:PORT/}; the same after {@link #restart()}. */
    public URI url() {
        return URI.create("http://%s:%d/".formatted(WebServer.HOST, port));
    }

    /** The calls since the start or {@link #clear()}, oldest first; the newest 100,000 of them. */
    public List<Received> received() {
        synchronized (received) {
            return List.copyOf(received);
        }
    }

    /** How many calls arrived since the start or {@link #clear()}, whatever they were answered. */
    public int count() {
        synchronized (received) {
            return count;
        }
    }

    public void clear() {
        synchronized (received) {
            received.clear();
            count = 0;
        }
    }

    /** Answers every call with this status from now on. */
    public void answer(int status) {
        Reply reply = Reply.of(status);
        answer(call -> reply);
    }

    /** Asks this function for every answer from now on; it may be called by several threads at once. */
    public void answer(Function<Received, Reply> newBehaviour) {
        behaviour = Objects.requireNonNull(newBehaviour, "newBehaviour");
    }

    /** Closes the port and every connection: the target is down. Keeps what was received. Does nothing when stopped. */
    public synchronized void stop() {
        if (server != null) {
            waits.end();
            server.stop();
            server = null;
        }
    }

    /** Opens the same port again; throws {@link SandboxException} if it was taken meanwhile. Nothing when running. */
    public synchronized void restart() {
        if (server == null) {
            waits = new Waits();
            server = startServer(port);
        }
    }

    @Override
    public void close() {
        stop();
    }

    /** The newest calls, newest first. */
    List<Received> newest(int limit) {
        List<Received> newest = new ArrayList<>();
        synchronized (received) {
            Iterator<Received> calls = received.descendingIterator();
            while (calls.hasNext() && newest.size() < limit) {
                newest.add(calls.next());
            }
        }
        return newest;
    }

    private Javalin startServer(int wantedPort) {
        Waits current = waits;
        return WebServer.start(
                "webhook receiver",
                wantedPort,
                clock,
                routes -> routes.post("/*", context -> {
                    receive(context, current);
                }));
    }

    private void receive(Context context, Waits current) {
        Map<String, String> headers = new TreeMap<>();
        for (String name : Collections.list(context.req().getHeaderNames())) {
            String joined = String.join(", ", Collections.list(context.req().getHeaders(name)));
            headers.put(name.toLowerCase(Locale.ROOT), joined);
        }
        String query = context.queryString();
        Received call = new Received(
                clock.instant(),
                context.path(),
                query == null ? "" : query,
                Collections.unmodifiableMap(headers),
                context.bodyAsBytes());
        synchronized (received) {
            count++;
            received.addLast(call);
            if (received.size() > KEPT) {
                received.removeFirst();
            }
        }
        Reply reply = behaviour.apply(call);
        current.await(reply.delay());
        if (reply.reset()) {
            WebServer.reset(context);
            return;
        }
        WebServer.json(context, reply.status(), reply.body());
        reply.headers().forEach(context::header);
    }
}
