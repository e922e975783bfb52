package io.crmbridge.sandbox;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leads who fill in the form at /form, as their browser posts it. Some do it twice, and some are machines. */
final class FormLeads implements LeadSender {
    private static final Logger LOG = LoggerFactory.getLogger(FormLeads.class);
    private static final int TWICE_ONE_IN = 6;
    private static final int MACHINE_ONE_IN = 10;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    /** These say that the form itself is wrong, whenever it comes. */
    private static final Set<Integer> FOR_GOOD = Set.of(400, 413, 415);

    private final LeadPeople people;
    private final URI inbox;
    private final URI origin;
    private final Random random;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private final Queue<Form> waiting = new ArrayDeque<>();

    private record Form(String key, Map<String, String> fields) {
        /** Another filling-in has a key of its own, in another run too, where the bridge may know those of this one. */
        static Form of(Map<String, String> fields) {
            return new Form(UUID.randomUUID().toString(), fields);
        }

        String encoded() {
            return fields.entrySet().stream()
                    .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                    .collect(Collectors.joining("&"));
        }
    }

    FormLeads(LeadPeople people, URI inbox, URI origin, Random random) {
        this.people = people;
        this.inbox = inbox;
        this.origin = origin;
        this.random = random;
    }

    @Override
    public void send() throws IOException {
        if (waiting.isEmpty()) {
            people.next().ifPresent(this::fillIn);
        }
        while (!waiting.isEmpty()) {
            post(waiting.peek());
            waiting.remove();
        }
    }

    private void fillIn(Lead lead) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("name", lead.name());
        fields.put("email", lead.email());
        fields.put("phone", lead.phone());
        fields.put("company", lead.company());
        fields.put("country", lead.country());
        fields.put("message", lead.message());
        fields.put("source", "web-form");
        boolean machine = random.nextInt(MACHINE_ONE_IN) == 0;
        fields.put("website", machine ? "https://buy-now.example.com" : "");
        waiting.add(Form.of(fields));
        if (!machine && random.nextInt(TWICE_ONE_IN) == 0) {
            Map<String, String> again = new LinkedHashMap<>(fields);
            again.put("email", " " + lead.email().toUpperCase(Locale.ROOT) + " ");
            waiting.add(Form.of(again));
        }
    }

    private void post(Form form) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(inbox)
                .timeout(TIMEOUT)
                .header("Origin", origin.toString())
                .header("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8")
                .header("Idempotency-Key", form.key())
                .POST(BodyPublishers.ofString(form.encoded()))
                .build();
        int status;
        try {
            status = client.send(request, BodyHandlers.discarding()).statusCode();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("The sandbox is closing");
        }
        if (FOR_GOOD.contains(status)) {
            LOG.warn("The inbox {} refused a form of the sandbox with {}", inbox, status);
        } else if (status / 100 != 2) {
            throw new IOException("The inbox %s answered %d".formatted(inbox, status));
        }
    }
}
