package io.crmbridge.crm.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.Secret;
import io.crmbridge.crm.Verdict;
import io.crmbridge.crm.oauth.OAuthFlow.Consent;
import io.crmbridge.crm.oauth.OAuthFlow.Redirected;
import io.crmbridge.crm.oauth.TokenServer.Fault;
import io.crmbridge.state.Tokens.Issued;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OAuthFlowTest {
    private static final URI REDIRECT = URI.create("http://127.0.0.1:9/callback");

    private final DrivenClock clock = new DrivenClock();
    private TokenServer server;
    private OAuthFlow flow;

    @BeforeEach
    void begin() throws IOException {
        server = new TokenServer();
        flow = flow(TokenServer.SECRET, Set.of());
    }

    private OAuthFlow flow(String secret, Set<String> scopes) {
        OAuthApp app = new OAuthApp("app", TokenServer.CLIENT, new Secret(secret), scopes, Optional.of(REDIRECT));
        return new OAuthFlow(app, server.endpoints(), OAuthCredentialTest.QUICK, clock);
    }

    @AfterEach
    void end() {
        flow.close();
        server.close();
    }

    private static void assertRefused(
            OAuthFlow with, Consent consent, Redirected redirected, Verdict verdict, String why) {
        assertThatThrownBy(() -> with.finish(consent, redirected))
                .isInstanceOfSatisfying(
                        CrmException.class,
                        failure -> assertThat(failure.verdict()).isEqualTo(verdict))
                .hasMessageContaining(why)
                .hasMessageNotContaining("s3cret")
                .hasMessageNotContaining("code-1");
    }

    @Test
    void a_code_is_exchanged_with_the_verifier_that_it_was_asked_for_with() {
        Consent consent = flow.begin(Set.of("contacts.read", "forms.read"), REDIRECT);
        assertThat(consent.url().toString())
                .startsWith(server.base() + "/authorize?")
                .contains("response_type=code", "code_challenge_method=S256", "scope=contacts.read+forms.read")
                .contains("state=" + consent.state())
                .doesNotContain(consent.verifier())
                .doesNotContain(TokenServer.SECRET);

        Issued issued = flow.finish(consent, Redirected.of(server.consent(consent.url())));

        assertThat(issued.identity()).isEqualTo("loc1");
        assertThat(issued.scopes()).containsExactlyInAnyOrder("contacts.read", "forms.read");
        assertThat(issued.at()).isEqualTo(clock.instant());
        assertThat(issued.expires()).contains(clock.instant().plusSeconds(3600));
        assertThat(issued.toString()).doesNotContain("s3cret");
        assertThat(consent.toString()).doesNotContain(consent.state()).doesNotContain(consent.verifier());
    }

    @Test
    void without_the_verifier_a_stolen_code_is_worth_nothing() {
        Consent consent = flow.begin(Set.of("contacts.read"), REDIRECT);
        Redirected redirected = Redirected.of(server.consent(consent.url()));
        Consent thief = new Consent(
                consent.url(), consent.state(), flow.begin(Set.of(), REDIRECT).verifier(), REDIRECT, Set.of());

        assertRefused(flow, thief, redirected, Verdict.REFUSED, "the code was not accepted");
    }

    @Test
    void an_answer_with_another_state_is_not_exchanged() {
        Consent consent = flow.begin(Set.of("contacts.read"), REDIRECT);
        Consent other = flow.begin(Set.of("contacts.read"), REDIRECT);
        Redirected redirected = Redirected.of(server.consent(other.url()));
        Redirected without = new Redirected(redirected.code(), Optional.empty(), Optional.empty());

        assertRefused(flow, consent, redirected, Verdict.INVALID, "its state is another one");
        assertRefused(flow, consent, without, Verdict.INVALID, "its state is another one");
        assertThat(server.calls()).isEmpty();
    }

    @Test
    void each_consent_has_a_state_and_a_verifier_of_its_own() {
        Consent one = flow.begin(Set.of(), REDIRECT);
        Consent two = flow.begin(Set.of(), REDIRECT);

        assertThat(one.state()).isNotEqualTo(two.state()).hasSizeGreaterThanOrEqualTo(43);
        assertThat(one.verifier()).isNotEqualTo(two.verifier());
    }

    @Test
    void a_person_who_says_no_is_understood() {
        Consent consent = flow.begin(Set.of("contacts.read"), REDIRECT);
        Redirected no = Redirected.of(URI.create(REDIRECT + "?error=access_denied&state=" + consent.state()));

        assertRefused(flow, consent, no, Verdict.REFUSED, "consent was not given (access_denied)");
    }

    @Test
    void scopes_of_the_settings_come_in_the_place_of_what_routes_need() {
        try (OAuthFlow set = flow(TokenServer.SECRET, Set.of("tags.read"))) {
            assertThat(set.begin(Set.of("contacts.read"), REDIRECT).scopes()).containsExactly("tags.read");
        }
    }

    @Test
    void an_app_that_is_not_accepted_is_told_with_the_keys_to_check() {
        try (OAuthFlow wrong = flow("s3cret-that-is-wrong", Set.of())) {
            Consent consent = wrong.begin(Set.of("contacts.read"), REDIRECT);
            Redirected redirected = Redirected.of(server.consent(consent.url()));

            assertRefused(wrong, consent, redirected, Verdict.REFUSED, "check bridge.oauth.app.client-id");
        }
    }

    @Test
    void a_redirect_would_take_the_secret_along_and_is_not_followed() {
        Consent consent = flow.begin(Set.of("contacts.read"), REDIRECT);
        server.next(Fault.POINTS_ELSEWHERE);

        assertRefused(flow, consent, Redirected.of(server.consent(consent.url())), Verdict.RETRY, "answered 307");
        assertThat(server.calls()).hasSize(1);
    }
}
