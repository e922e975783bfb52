package io.crmbridge.crm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The quota in real time, over real connections, as the CRM sees it. */
@Timeout(30)
class QuotaOverHttpTest {
    private static final byte[] ANSWER = "[]".getBytes(StandardCharsets.UTF_8);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ServerSide arrivals = new ServerSide();
    private final AtomicInteger refuse = new AtomicInteger();
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        server.setExecutor(threads);
        server.createContext("/warm", exchange -> {
            exchange.sendResponseHeaders(200, ANSWER.length);
            exchange.getResponseBody().write(ANSWER);
            exchange.close();
        });
        server.createContext("/", exchange -> {
            arrivals.arrived(System.nanoTime() / 1_000);
            boolean tooMany = refuse.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
            if (tooMany) {
                exchange.getResponseHeaders().add("Retry-After", "1");
            }
            exchange.sendResponseHeaders(tooMany ? 429 : 200, ANSWER.length);
            exchange.getResponseBody().write(ANSWER);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void end() {
        server.stop(0);
        threads.shutdownNow();
    }

    private CrmHttp http(Quota quota) {
        return new CrmHttp(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                new CrmHttp.Authorization("Authorization", "Bearer "),
                Credential.of(new Secret("key")),
                quota,
                CrmHttp.Limits.DEFAULT,
                Clock.systemUTC());
    }

    private void inThreads(Runnable work) {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            all.add(CompletableFuture.runAsync(work, threads));
        }
        all.forEach(CompletableFuture::join);
    }

    @Test
    void sixteen_threads_keep_every_window_on_the_servers_side_and_use_them() {
        try (CrmHttp warm = http(Quota.NONE)) {
            inThreads(() -> {
                for (int i = 0; i < 30; i++) {
                    warm.get("/warm");
                }
            });
        }
        QuotaLimits limits = QuotaLimits.parse("30/1s,70/3s");
        Quota quota =
                SlidingQuota.of(limits, "Intellivizz", new SteadyClock(Clock.systemUTC()), SlidingQuota.Pause.REAL);
        AtomicInteger left = new AtomicInteger(130);
        long began = System.nanoTime();
        try (CrmHttp http = http(quota)) {
            inThreads(() -> {
                for (int mine = left.getAndDecrement(); mine > 0; mine = left.getAndDecrement()) {
                    http.send(new CrmHttp.Request(
                            "GET", "/contacts", Optional.empty(), Map.of(), Quota.Lane.values()[mine % 3]));
                }
            });
        }
        Duration took = Duration.ofNanos(System.nanoTime() - began);

        assertThat(arrivals.count()).isEqualTo(130);
        arrivals.check(limits);
        // 30 at once, 30 and 10 in the next two windows, 30 and 30 when the first ones no longer count.
        assertThat(took).isBetween(Duration.ofMillis(4_080), Duration.ofMillis(6_500));
    }

    @Test
    void after_a_429_no_thread_calls_before_retry_after_is_over() {
        Quota quota = SlidingQuota.of(
                QuotaLimits.parse("1000/1m"),
                "Intellivizz",
                new SteadyClock(Clock.systemUTC()),
                SlidingQuota.Pause.REAL);
        refuse.set(1);
        try (CrmHttp http = http(quota)) {
            assertThat(catchThrowableOfType(CrmException.class, () -> http.get("/contacts"))
                            .retryAfter())
                    .contains(Duration.ofSeconds(1));
            inThreads(() -> http.get("/contacts"));
        }
        assertThat(arrivals.count()).isEqualTo(17);
        assertThat(arrivals.between(0, 1)).isGreaterThan(Duration.ofSeconds(1));
    }
}
