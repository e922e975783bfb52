package io.crmbridge.crm.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.crmbridge.crm.Credential;
import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.CrmHttp;
import io.crmbridge.crm.CrmHttp.Limits;
import io.crmbridge.crm.Quota;
import io.crmbridge.crm.Secret;
import io.crmbridge.crm.Verdict;
import io.crmbridge.crm.oauth.OAuthFlow.Consent;
import io.crmbridge.crm.oauth.OAuthFlow.Redirected;
import io.crmbridge.crm.oauth.TokenServer.Fault;
import io.crmbridge.state.Store;
import io.crmbridge.state.Tokens.Entry;
import io.crmbridge.state.Tokens.State;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

@Timeout(30)
class OAuthCredentialTest {
    private static final URI REDIRECT = URI.create("http://127.0.0.1:9/callback");
    static final Limits QUICK = new Limits(1 << 18, Duration.ofMillis(500), Duration.ofMillis(400));
    private static final String AGAIN = "consent is needed again: run auth login --connection iv";

    @TempDir
    private Path folder;

    private final DrivenClock clock = new DrivenClock();
    private final ListAppender<ILoggingEvent> told = new ListAppender<>();
    private TokenServer server;
    private Store store;
    private OAuthFlow flow;
    private OAuthCredential credential;

    static OAuthApp app() {
        return new OAuthApp(
                "app",
                TokenServer.CLIENT,
                new Secret(TokenServer.SECRET),
                Set.of("contacts.read", "contacts.write"),
                Optional.of(REDIRECT));
    }

    @BeforeEach
    void begin() throws IOException {
        told.start();
        ((Logger) LoggerFactory.getLogger("io.crmbridge")).addAppender(told);
        server = new TokenServer();
        store = Store.open(folder, clock);
        flow = new OAuthFlow(app(), server.endpoints(), QUICK, clock);
        credential = new OAuthCredential("iv", flow, store.tokens(), clock);
    }

    @AfterEach
    void end() {
        ((Logger) LoggerFactory.getLogger("io.crmbridge")).detachAppender(told);
        flow.close();
        store.close();
        server.close();
        assertThat(told.list)
                .as("no token and no secret is logged")
                .noneMatch(event -> event.getFormattedMessage().contains("s3cret"));
    }

    private void login() {
        Consent consent = flow.begin(Set.of(), REDIRECT);
        store.tokens().save("iv", "app", flow.finish(consent, Redirected.of(server.consent(consent.url()))));
    }

    private Entry entry() {
        return store.tokens().find("iv").orElseThrow().entry();
    }

    private CrmException failure() {
        CrmException failure = catchThrowableOfType(CrmException.class, credential::current);
        assertThat(failure.getMessage()).doesNotContain("s3cret");
        return failure;
    }

    private void expire() {
        clock.forward(Duration.ofSeconds(server.expiresIn));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void the_token_is_refreshed_early_whatever_way_the_answer_spells_its_names(boolean camelCase) {
        server.camelCase = camelCase;
        login();
        Secret first = credential.current();
        clock.forward(Duration.ofMinutes(54));
        assertThat(credential.current()).isEqualTo(first);
        assertThat(server.refreshes()).isZero();

        clock.forward(Duration.ofMinutes(1));
        Secret second = credential.current();

        assertThat(second).isNotEqualTo(first);
        assertThat(credential.current()).isEqualTo(second);
        assertThat(server.refreshes()).isEqualTo(1);
        assertThat(entry().version()).isEqualTo(2);
        assertThat(entry().identity()).isEqualTo("loc1");
        assertThat(entry().userType()).isEqualTo("Location");
        assertThat(entry().scopes()).containsExactlyInAnyOrder("contacts.read", "contacts.write");
        assertThat(entry().expires()).contains(clock.instant().plusSeconds(3600));
    }

    @Test
    void whose_grant_it_is_stays_as_the_consent_told_it() {
        login();
        server.location = "agency1";
        expire();

        credential.current();

        assertThat(server.refreshes()).isEqualTo(1);
        assertThat(entry().identity()).isEqualTo("loc1");
    }

    @Test
    void of_a_short_life_the_last_tenth_is_early() {
        server.expiresIn = 100;
        login();
        Secret first = credential.current();
        clock.forward(Duration.ofSeconds(89));
        assertThat(credential.current()).isEqualTo(first);
        clock.forward(Duration.ofSeconds(1));
        assertThat(credential.current()).isNotEqualTo(first);
    }

    @Test
    void eight_threads_refresh_once() {
        login();
        expire();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        CountDownLatch begin = new CountDownLatch(1);
        List<CompletableFuture<Secret>> all = IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> {
                            awaited(begin);
                            return credential.current();
                        },
                        threads))
                .toList();
        begin.countDown();

        assertThat(all.stream().map(CompletableFuture::join).distinct()).hasSize(1);
        assertThat(server.refreshes()).isEqualTo(1);
        threads.shutdownNow();
    }

    static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_refused_token_is_replaced_by_the_newest_or_by_a_new_one() {
        login();
        Secret first = credential.current();

        assertThat(credential.renew(first)).isTrue();
        Secret second = credential.current();
        assertThat(server.refreshes()).isEqualTo(1);

        assertThat(credential.renew(first)).as("there is a newer one").isTrue();
        assertThat(server.refreshes()).isEqualTo(1);

        assertThat(credential.renew(second)).as("a new one is refused too").isFalse();
        assertThat(server.refreshes()).isEqualTo(1);

        clock.forward(Duration.ofMinutes(2));
        assertThat(credential.renew(second)).isTrue();
        assertThat(server.refreshes()).isEqualTo(2);
    }

    @Test
    void a_call_that_is_answered_with_401_is_sent_once_more_with_a_new_token() {
        login();
        server.refuseAccess();
        try (CrmHttp http = new CrmHttp(
                server.base(),
                new CrmHttp.Authorization("Authorization", "Bearer "),
                credential,
                Quota.NONE,
                QUICK,
                clock)) {
            assertThat(http.get("/contacts").body()).isEqualTo("{}".getBytes());
            assertThat(server.refreshes()).isEqualTo(1);

            server.uninstall();
            assertThatThrownBy(() -> http.get("/contacts"))
                    .isInstanceOf(CrmException.class)
                    .hasMessageContaining("does not accept this key");
            clock.forward(Duration.ofMinutes(2));
            assertThatThrownBy(() -> http.get("/contacts")).hasMessageContaining(AGAIN);
        }
    }

    @Test
    void a_revoked_grant_needs_consent_and_the_token_endpoint_is_left_alone() {
        login();
        server.uninstall();
        expire();

        for (int i = 0; i < 3; i++) {
            CrmException failure = failure();
            assertThat(failure.verdict()).isEqualTo(Verdict.REFUSED);
            assertThat(failure.status()).isEqualTo(401);
            assertThat(failure).hasMessageContaining(AGAIN).hasMessageContaining("invalid_grant");
        }
        assertThat(server.refreshes()).isEqualTo(1);
        assertThat(entry().state()).isEqualTo(State.CONSENT_NEEDED);

        login();
        assertThat(credential.current().value()).startsWith("s3cret-access");
    }

    @Test
    void without_any_consent_it_says_what_to_run() {
        assertThat(failure())
                .hasMessage("consent is needed: run auth login --connection iv")
                .extracting(CrmException::status)
                .isEqualTo(401);
        assertThat(server.calls()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"UNAVAILABLE", "TOO_MANY", "PAGE", "POINTS_ELSEWHERE"})
    void what_passes_keeps_the_grant_and_is_not_asked_again_at_once(Fault fault) {
        login();
        expire();
        server.next(fault);

        CrmException failure = failure();
        assertThat(failure.verdict()).isEqualTo(fault == Fault.TOO_MANY ? Verdict.WAIT : Verdict.RETRY);
        assertThat(failure()).isSameAs(failure);
        assertThat(server.refreshes()).isEqualTo(1);
        assertThat(entry().state()).isEqualTo(State.VALID);

        clock.forward(Duration.ofSeconds(fault == Fault.TOO_MANY ? 90 : 1));
        assertThat(credential.current().value()).startsWith("s3cret-access");
        assertThat(server.refreshes()).isEqualTo(2);
    }

    @Test
    void a_token_endpoint_that_is_down_keeps_the_grant() {
        login();
        URI down = server.endpoints().token();
        server.close();
        expire();

        CrmException failure = failure();

        assertThat(failure.verdict()).isEqualTo(Verdict.RETRY);
        assertThat(failure).hasMessageContaining(down.toString()).hasMessageContaining("refused");
        assertThat(entry().state()).isEqualTo(State.VALID);
        assertThat(store.tokens()
                        .claim("iv", 1, Duration.ofSeconds(1))
                        .orElseThrow()
                        .inDoubt())
                .as("nothing was sent")
                .isFalse();
    }

    @Test
    void while_the_old_token_is_good_a_failing_refresh_stops_nothing() {
        login();
        Secret first = credential.current();
        clock.forward(Duration.ofMinutes(56));
        server.next(Fault.UNAVAILABLE);

        assertThat(credential.current()).isEqualTo(first);
        assertThat(credential.current()).isEqualTo(first);
        assertThat(server.refreshes()).isEqualTo(1);

        clock.forward(Duration.ofSeconds(2));
        assertThat(credential.current()).isNotEqualTo(first);
    }

    @Test
    void a_refresh_that_hangs_is_tried_once_more() {
        login();
        expire();
        server.next(Fault.HANGS);

        assertThat(credential.current().value()).startsWith("s3cret-access");
        assertThat(server.refreshes()).isEqualTo(2);
        assertThat(entry().state()).isEqualTo(State.VALID);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"LOSES_ANSWER", "BREAKS_AFTER"})
    void a_refresh_whose_answer_is_lost_needs_consent_and_says_why(Fault fault) {
        login();
        expire();
        server.next(fault);

        assertThat(failure())
                .hasMessageContaining(AGAIN)
                .hasMessageContaining("the answer to an earlier refresh was lost");
        assertThat(server.refreshes()).isEqualTo(2);
        failure();
        assertThat(server.refreshes()).isEqualTo(2);
    }

    @Test
    void a_refresh_that_may_have_been_carried_out_is_remembered_as_such() {
        login();
        expire();
        server.next(Fault.LOSES_ANSWER, Fault.UNAVAILABLE);
        assertThat(failure().verdict()).isEqualTo(Verdict.RETRY);
        clock.forward(Duration.ofMinutes(1));

        assertThat(failure()).hasMessageContaining("the answer to an earlier refresh was lost");
    }

    @Test
    void an_app_that_is_not_accepted_says_nothing_of_the_grant() {
        login();
        expire();
        server.next(Fault.REFUSES_APP);

        CrmException failure = failure();
        assertThat(failure.verdict()).isEqualTo(Verdict.REFUSED);
        assertThat(failure).hasMessageContaining("check bridge.oauth.app.client-id and .client-secret");
        failure();
        assertThat(server.refreshes()).isEqualTo(1);

        clock.forward(Duration.ofMinutes(1));
        assertThat(credential.current().value()).startsWith("s3cret-access");
    }

    @Test
    void a_command_reads_and_leaves_refreshing_to_the_bridge() {
        login();
        try (Store beside = Store.attach(folder, clock)) {
            Credential reading = OAuthCredential.reading("iv", beside.tokens(), clock);
            Secret first = reading.current();
            assertThat(reading.renew(first)).isFalse();
            expire();
            assertThatThrownBy(reading::current)
                    .isInstanceOf(CrmException.class)
                    .hasMessageContaining("the bridge on this store is the one that refreshes it");
            Secret second = credential.current();
            assertThat(reading.current()).isEqualTo(second);
            assertThat(reading.renew(first)).isTrue();
        }
        assertThat(server.refreshes()).isEqualTo(1);
    }

    @Test
    void new_tokens_are_on_disk_before_anyone_has_them() {
        login();
        expire();
        Secret second = credential.current();
        try (Store beside = Store.attach(folder, clock)) {
            assertThat(beside.tokens().find("iv").orElseThrow().issued().access())
                    .isEqualTo(second.value());
        }
        assertThat(credential.toString()).doesNotContain("s3cret");
    }
}
