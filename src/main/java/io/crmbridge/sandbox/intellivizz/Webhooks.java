package io.crmbridge.sandbox.intellivizz;

import io.crmbridge.sandbox.Json;
import io.crmbridge.sandbox.Stamps;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a target of what happens to records, one call after the other in the order of the changes, on a daemon thread. A call that
 * fails is counted and not repeated. Thread-safe.
 */
public final class Webhooks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Webhooks.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Clock clock;
    private final ExecutorService sender = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "sandbox-intellivizz-webhooks");
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private volatile Target target;

    private record Target(URI uri, WebhookSigner signer, HttpClient client) {}

    Webhooks(Clock clock) {
        this.clock = clock;
    }

    void to(URI uri, WebhookSigner signer) {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .build();
        target = new Target(uri, signer, client);
    }

    /** How many events the target has accepted with a status of 200 to 299. */
    public long delivered() {
        return delivered.get();
    }

    /** How many it refused or could not be reached with. */
    public long failed() {
        return failed.get();
    }

    /** How many events happened while there was a target: in the end, those delivered and those failed. */
    public long events() {
        return numbers.get();
    }

    void changed(Resource resource, String locationId, Map<String, Object> before, Map<String, Object> after) {
        Target current = target;
        if (current == null) {
            return;
        }
        for (String type : RecordEvents.of(resource, before, after)) {
            Map<String, Object> event = new LinkedHashMap<>();
            event.put("type", type);
            event.put("timestamp", Stamps.iso(clock.instant()));
            event.put("webhookId", "wh_%d".formatted(numbers.incrementAndGet()));
            event.put("locationId", locationId);
            // A contact has a type of its own, but the event's is the event's name.
            (after == null ? before : after).forEach(event::putIfAbsent);
            byte[] body = Json.write(event);
            send(current, body);
        }
    }

    @Override
    public void close() {
        sender.shutdownNow();
    }

    private void send(Target current, byte[] body) {
        try {
            sender.execute(() -> deliver(current, body));
        } catch (RejectedExecutionException e) {
            LOG.debug("A record changed after the sandbox was closed, and nobody is told", e);
        }
    }

    private void deliver(Target current, byte[] body) {
        HttpRequest request = HttpRequest.newBuilder(current.uri())
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .header(current.signer().header(), current.signer().sign(body))
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        try {
            int status =
                    current.client().send(request, BodyHandlers.discarding()).statusCode();
            (status / 100 == 2 ? delivered : failed).incrementAndGet();
        } catch (IOException e) {
            failed.incrementAndGet();
            LOG.debug("A webhook did not reach {}", current.uri(), e);
        } catch (InterruptedException e) {
            failed.incrementAndGet();
            Thread.currentThread().interrupt();
        }
    }
}
