package io.crmbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.crmbridge.bundle.Bundle;
import io.crmbridge.component.Activity;
import io.crmbridge.console.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole bridge under a quota, and what status tells of it from another process. */
@Timeout(60)
class QuotaStatusTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger refuse = new AtomicInteger();
    private HttpServer crm;

    @BeforeEach
    void begin() throws IOException {
        crm = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        crm.createContext("/", exchange -> {
            calls.incrementAndGet();
            boolean test = exchange.getRequestURI().getPath().endsWith("/auth/test");
            byte[] answer =
                    (test ? "{\"workspace\":{\"id\":\"w\",\"name\":\"W\"}}" : "[]").getBytes(StandardCharsets.UTF_8);
            boolean tooMany = !test && refuse.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
            if (tooMany) {
                exchange.getResponseHeaders().add("Retry-After", "1800");
            }
            exchange.sendResponseHeaders(tooMany ? 429 : 200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        crm.start();
        Files.createDirectories(folder.resolve("bundle/routes"));
        for (String feed : new String[] {"deals", "contacts"}) {
            Files.writeString(folder.resolve("bundle/routes/" + feed + ".yaml"), """
                    - route:
                        id: FEED-to-erp
                        description: Each of them goes to the ERP
                        from:
                          uri: impactiveai:FEED
                          parameters:
                            delay: 100ms
                          steps:
                            - to:
                                uri: hook:erp
                    """.replace("FEED", feed));
        }
    }

    @AfterEach
    void end() {
        crm.stop(0);
    }

    private BridgeProcess bridge(String quota) throws IOException {
        String address = "http://127.0.0.1:" + crm.getAddress().getPort();
        Files.writeString(folder.resolve("bundle/application.properties"), """
                bridge.connection.default.type=impactiveai
                bridge.connection.default.base-url=%s
                bridge.connection.default.api-key=icrm_00000000000000000000000000000000
                bridge.connection.default.quota=%s
                bridge.hook.erp.url=%s/hook
                bridge.hook.erp.allow-private=true
                bridge.allow-fast-poll=true
                """.formatted(address, quota, address));
        return BridgeProcess.start(
                Bundle.at(folder.resolve("bundle"), Map.of()), folder.resolve("data"), 0, Map.of(), Activity.NONE);
    }

    private String status(int exit, String... options) {
        PrintStream real = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            String[] arguments = new String[options.length + 3];
            arguments[0] = "status";
            arguments[1] = "--data";
            arguments[2] = folder.resolve("data").toString();
            System.arraycopy(options, 0, arguments, 3, options.length);
            assertThat(CrmBridge.execute(arguments)).isEqualTo(exit);
            return out.toString(StandardCharsets.UTF_8);
        } finally {
            System.setOut(real);
        }
    }

    private static Status.QuotaStatus quota(BridgeProcess bridge) {
        return Status.of(bridge.store(), true).connections().get(0).quota();
    }

    @Test
    void a_spent_day_stops_every_feed_and_status_tells_why_also_after_a_restart() throws Exception {
        try (BridgeProcess bridge = bridge("7/1d")) {
            await().atMost(Duration.ofSeconds(20)).until(() -> quota(bridge).resumesAt() != null && calls.get() == 7);
            assertThat(status(3, "--check"))
                    .containsPattern(
                            "default +0 of 7/1d +daily quota spent, resumes at \\S+Z; their support can raise it")
                    .containsPattern(
                            "! connection default: daily quota spent, resumes at \\S+Z; their support can raise it")
                    .containsPattern(
                            "the daily quota of 7 calls is spent; calls resume at \\S+Z; ImpactiveAI's support");
        }
        try (BridgeProcess bridge = bridge("7/1d")) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> bridge.store().sources().feeds().stream()
                            .anyMatch(feed -> feed.error().isPresent()));
        }

        JsonNode quota = JSON.readTree(status(0, "--json")).at("/connections/0/quota");
        assertThat(quota.at("/windows").toString()).isEqualTo("[{\"window\":\"7/1d\",\"limit\":7,\"left\":0}]");
        assertThat(Duration.between(
                        Instant.now(), Instant.parse(quota.at("/resumesAt").asText())))
                .isBetween(Duration.ofHours(24), Duration.ofMinutes(24 * 60 + 30));
        assertThat(calls).hasValue(7);

        try (BridgeProcess bridge = bridge("none")) {
            await().atMost(Duration.ofSeconds(20)).until(() -> quota(bridge) == null && calls.get() > 7);
        }
        assertThat(status(0)).doesNotContain("7/1d");
    }

    @Test
    void what_is_left_is_told_and_what_the_crm_refused() throws Exception {
        try (BridgeProcess bridge = bridge("100/1m,100000/1d")) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> quota(bridge).windows().get(0).left() < 95);
            assertThat(status(0)).containsPattern("default +\\d+ of 100/1m, \\d+ of 100000/1d");
            refuse.set(1);
            await().atMost(Duration.ofSeconds(20)).until(() -> quota(bridge).share() != null);
            int before = calls.get();
            assertThat(status(3, "--check"))
                    .containsPattern("too many calls, the CRM said: none until \\S+Z, then 80 % of each limit")
                    .contains("Set bridge.connection.default.quota to what it allows");
            assertThat(calls).hasValue(before);
        }
    }
}
