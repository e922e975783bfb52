package io.crmbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.sandbox.Workspace;
import io.crmbridge.state.Intent;
import io.crmbridge.state.IntentState;
import io.crmbridge.state.Store;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Leads posted to a real process that is killed without warning, and that creates and enrols them in a CRM which resets one in
 * ten connections after it has done what it was asked.
 */
class LeadKillTest extends KilledBridges {
    private static final int KILLS = Integer.getInteger("kills", 2);
    private static final int LEADS = Integer.getInteger("leads", 80);
    private static final String OPTIONS = System.getProperty("lead.options", "parallel: 4");
    /** So many have unsubscribed once, which the CRM has forgotten. */
    private static final int GONE = Math.min(LEADS / 20, 60);

    private static final int SENDERS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(60 + LEADS / 5);

    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicInteger next = new AtomicInteger();

    @Test
    void every_lead_is_one_contact_and_one_enrolment_and_nobody_who_has_left_is_enrolled() throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults().withSendEach(Duration.ZERO))) {
            Workspace crm = sandbox.workspace();
            bundle(
                    sandbox,
                    "bridge.crm.settle=200ms\nbridge.inbox.leads.rate=1000000\nbridge.leads.flood-gate=1000000/1h");
            Files.writeString(folder.resolve("routes/routes.yaml"), """
                    - route:
                        id: leads
                        from:
                          uri: inbox:leads
                          parameters: { %s }
                          steps:
                            - to: { uri: "impactiveai:contacts?operation=upsert&matchBy=email&delay=500ms" }
                            - to: { uri: "impactiveai:enrollments?operation=enroll&sequence=Welcome" }
                    """.formatted(OPTIONS));
            String welcome = crm.createSequence(Map.of("name", "Welcome"));
            // So that the list of the newest reaches back to before the first one.
            crm.put(
                    "contacts",
                    Map.of(
                            "id",
                            "old",
                            "firstName",
                            "Old",
                            "lastName",
                            "One",
                            "createdAt",
                            "2020-01-01T00:00:00.000Z",
                            "updatedAt",
                            "2020-01-01T00:00:00.000Z"));
            List<String> gone = leave(crm, welcome);
            Process bridge = begin(0);
            post(LEADS);
            await().atMost(PATIENCE).until(() -> crm.enrollments(welcome).size() == GONE + 1);
            gone.forEach(contact -> crm.unenroll(welcome, contact));
            sandbox.faults()
                    .on("POST", "/api/agent")
                    .chance(0.1, 7)
                    .resetAfterCommit()
                    .arm();

            List<CompletableFuture<Void>> senders = IntStream.range(0, SENDERS)
                    .mapToObj(sender -> CompletableFuture.runAsync(this::send))
                    .toList();
            for (int kill = 1; kill <= KILLS; kill++) {
                int until = 1 + LEADS * kill / (KILLS + 1);
                await().atMost(PATIENCE).until(() -> crm.enrollments(welcome).size() >= Math.min(until, LEADS - GONE));
                LockSupport.parkNanos(Duration.ofMillis(random.nextInt(60)).toNanos());
                bridge.destroyForcibly().waitFor();
                bridge = begin(kill);
            }
            senders.forEach(CompletableFuture::join);
            await().atMost(PATIENCE).until(this::isSettled);
            bridge.destroy();
            bridge.waitFor();
            check(crm, welcome, new HashSet<>(gone));
        }
    }

    private static List<String> leave(Workspace crm, String sequence) {
        List<String> gone = new ArrayList<>();
        for (int i = 0; i < GONE; i++) {
            gone.add(crm.create(
                    "contacts",
                    Map.of("firstName", "Gone", "lastName", "N" + i, "email", "lead" + i + "@example.com")));
        }
        gone.forEach(contact -> {
            crm.enroll(sequence, contact);
            crm.unsubscribe(sequence, contact);
        });
        return gone;
    }

    private void send() {
        for (int lead = next.getAndIncrement(); lead < LEADS; lead = next.getAndIncrement()) {
            post(lead);
        }
    }

    /** Until it is acknowledged; each third lead comes twice, written otherwise. */
    private void post(int lead) {
        String body = "{\"email\":\"lead%d@example.com\",\"name\":\"Lead Example\"}".formatted(lead);
        post("lead-" + lead, body);
        if (lead % 3 == 0) {
            post("again-" + lead, body.replace("\"lead", "\" LEAD"));
        }
    }

    private void post(String key, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder()
                .timeout(Duration.ofSeconds(5))
                .headers("Content-Type", "application/json", "Idempotency-Key", key)
                .POST(BodyPublishers.ofString(body));
        while (true) {
            try {
                if (http.send(request.uri(inbox).build(), BodyHandlers.ofString())
                                .statusCode()
                        == 202) {
                    return;
                }
            } catch (IOException e) {
                // The bridge is dead; whether it took the lead nobody knows.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    private List<Intent> intents() {
        try (Store store = Store.attach(folder.resolve("data"), Clock.systemUTC())) {
            return store.intents().list(EnumSet.allOf(IntentState.class), 1_000_000);
        }
    }

    private boolean isSettled() {
        try (Store store = Store.attach(folder.resolve("data"), Clock.systemUTC())) {
            int leads = LEADS + 1 + (LEADS + 2) / 3 + (LEADS % 3 == 0 ? 1 : 0);
            long done = store.subscriptions().all().stream()
                    .mapToLong(place -> place.delivered())
                    .sum();
            return done + store.deadLetters().list(false).size() >= leads
                    && store.intents()
                            .list(EnumSet.of(IntentState.PLANNED, IntentState.SENT), 1)
                            .isEmpty();
        }
    }

    private void check(Workspace crm, String welcome, Set<String> gone) {
        Map<String, List<Map<String, Object>>> byAddress = crm.all("contacts").stream()
                .filter(row -> row.get("email") != null)
                .collect(
                        Collectors.groupingBy(row -> row.get("email").toString().toLowerCase(Locale.ROOT)));
        Map<String, Long> enrolments = crm.enrollments(welcome).stream()
                .collect(Collectors.groupingBy(row -> row.get("contactId").toString(), Collectors.counting()));
        List<Intent> intents = intents();
        Map<String, Map<IntentState, Long>> states = intents.stream()
                .collect(Collectors.groupingBy(
                        Intent::operation, Collectors.groupingBy(Intent::state, Collectors.counting())));
        long unknown = intents.stream()
                .filter(intent -> intent.state() == IntentState.UNKNOWN)
                .count();
        System.out.printf(
                "%d leads, %d kills (%s): %d contacts, %d enrolled, %s; %d sent more than once, %d found by a look-up%n",
                LEADS + 1,
                KILLS,
                OPTIONS,
                byAddress.size(),
                enrolments.size(),
                states,
                intents.stream().filter(intent -> intent.sends() > 1).count(),
                intents.stream()
                        .filter(intent -> intent.reason().orElse("").contains("found by"))
                        .count());
        assertThat(byAddress.values())
                .as("no contact is there twice")
                .allSatisfy(rows -> assertThat(rows).hasSize(1));
        assertThat(enrolments.values()).as("nobody is enrolled twice").containsOnly(1L);
        assertThat(enrolments.keySet()).as("nobody who has left is enrolled").doesNotContainAnyElementsOf(gone);
        assertThat(intents.stream().filter(intent -> intent.state() == IntentState.UNKNOWN))
                .allSatisfy(intent -> assertThat(intent.reason()).isPresent());
        assertThat(LEADS + 1 - byAddress.size()).as("contacts that are missing").isLessThanOrEqualTo((int) unknown);
        assertThat(LEADS + 1 - GONE - enrolments.size())
                .as("enrolments that are missing")
                .isLessThanOrEqualTo((int) unknown);
        assertThat(states.keySet()).containsExactlyInAnyOrder("create", "enroll");
    }
}
