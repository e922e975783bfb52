package io.crmbridge.crm.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.Secret;
import io.crmbridge.crm.oauth.OAuthFlow.Consent;
import io.crmbridge.crm.oauth.OAuthFlow.Redirected;
import io.crmbridge.crm.oauth.TokenServer.Fault;
import io.crmbridge.state.PostgresServer;
import io.crmbridge.state.Store;
import io.crmbridge.state.StoreSettings;
import io.crmbridge.state.Tokens.State;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several processes on one PostgreSQL database. */
@Timeout(60)
class OAuthAcrossProcessesTest {
    private static final URI REDIRECT = URI.create("http://127.0.0.1:9/callback");
    private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);

    @TempDir
    private Path folder;

    private final Clock clock = Clock.systemUTC();
    private StoreSettings settings;
    private TokenServer server;
    private Store store;
    private Store other;
    private OAuthFlow flow;

    @BeforeEach
    void begin() throws IOException {
        server = new TokenServer();
        settings =
                RefreshingProcess.settings(PostgresServer.shared().empty().url().orElseThrow(), KEY);
        store = Store.open(folder, settings, clock);
        other = Store.attach(folder, settings, clock);
        flow = new OAuthFlow(OAuthCredentialTest.app(), server.endpoints(), OAuthCredentialTest.QUICK, clock);
        // Two hours ago, so that the token has run out.
        Clock then = Clock.offset(clock, Duration.ofHours(-2));
        try (OAuthFlow login =
                new OAuthFlow(OAuthCredentialTest.app(), server.endpoints(), OAuthCredentialTest.QUICK, then)) {
            Consent consent = login.begin(Set.of(), REDIRECT);
            store.tokens().save("iv", "app", login.finish(consent, Redirected.of(server.consent(consent.url()))));
        }
    }

    @AfterEach
    void end() {
        flow.close();
        other.close();
        store.close();
        server.close();
    }

    private OAuthCredential credential(Store of) {
        return new OAuthCredential("iv", flow, of.tokens(), clock);
    }

    private Process process() throws IOException {
        return process("process.log");
    }

    private Process process(String log) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx96m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RefreshingProcess.class.getName(),
                        settings.url().orElseThrow(),
                        KEY,
                        server.endpoints().token().toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(log).toFile())
                .start();
    }

    @Test
    void two_processes_with_four_threads_each_refresh_once() {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        CountDownLatch begin = new CountDownLatch(1);
        OAuthCredential one = credential(store);
        OAuthCredential two = credential(other);
        List<CompletableFuture<Secret>> all = IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> {
                            OAuthCredentialTest.awaited(begin);
                            return (i % 2 == 0 ? one : two).current();
                        },
                        threads))
                .toList();
        begin.countDown();

        assertThat(all.stream().map(CompletableFuture::join).distinct()).hasSize(1);
        assertThat(server.refreshes()).isEqualTo(1);
        threads.shutdownNow();
    }

    @Test
    void two_processes_of_their_own_refresh_once() throws Exception {
        Process one = process("one.log");
        Process two = process("two.log");

        assertThat(one.waitFor()).isZero();
        assertThat(two.waitFor()).isZero();

        assertThat(server.refreshes()).isEqualTo(1);
        assertThat(Files.readString(folder.resolve("one.log")))
                .isEqualTo(Files.readString(folder.resolve("two.log")))
                .contains("s3cret-access");
    }

    @Test
    void a_process_that_is_killed_in_the_middle_keeps_the_others_out_for_a_while_only_and_what_is_lost_is_told()
            throws Exception {
        server.next(Fault.LOSES_ANSWER);
        Process killed = process();
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> server.refreshes() == 1 || !killed.isAlive());
        killed.destroyForcibly().waitFor();
        assertThat(server.refreshes()).isEqualTo(1);

        long begun = System.nanoTime();
        assertThatThrownBy(() -> credential(store).current())
                .isInstanceOf(CrmException.class)
                .hasMessageContaining("consent is needed again: run auth login --connection iv")
                .hasMessageContaining("the answer to an earlier refresh was lost");

        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isLessThan(flow.longest().plusSeconds(3));
        assertThat(server.refreshes()).isEqualTo(2);
        assertThat(other.tokens().find("iv").orElseThrow().entry().state()).isEqualTo(State.CONSENT_NEEDED);
    }

    @Test
    void one_that_dies_before_it_has_sent_anything_costs_nothing_but_time() {
        assertThat(other.tokens().claim("iv", 1, Duration.ofMillis(400))).isPresent();

        assertThat(credential(store).current().value()).startsWith("s3cret-access");
        assertThat(server.refreshes()).isEqualTo(1);
    }
}
