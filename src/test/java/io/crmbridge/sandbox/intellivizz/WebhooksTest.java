package io.crmbridge.sandbox.intellivizz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.sandbox.WebhookReceiver;
import io.crmbridge.sandbox.WebhookReceiver.Received;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebhooksTest {
    private final SettableClock clock = new SettableClock();
    private Sandbox both;
    private IntellivizzSandbox crm;
    private Location location;
    private WebhookReceiver receiver;

    @BeforeEach
    void start() {
        both = Sandbox.start(SandboxOptions.defaults().withClock(clock).withSeedRecords(1));
        crm = both.intellivizz();
        location = crm.location();
        receiver = both.receiver();
    }

    @AfterEach
    void stop() {
        both.close();
    }

    private List<Received> received(int count) {
        await().untilAsserted(() -> assertThat(receiver.received()).hasSize(count));
        return receiver.received();
    }

    private static JsonNode json(Received call) {
        try {
            return Caller.JSON.readTree(call.body());
        } catch (IOException e) {
            throw new AssertionError(call.text(), e);
        }
    }

    private static boolean verifies(String kind, String algorithm, WebhookSigner signer, Received call)
            throws GeneralSecurityException {
        String pem = signer.publicKeyPem().replaceAll("-----[A-Z ]+-----", "");
        var key = KeyFactory.getInstance(kind)
                .generatePublic(new X509EncodedKeySpec(Base64.getMimeDecoder().decode(pem)));
        Signature signature = Signature.getInstance(algorithm);
        signature.initVerify(key);
        signature.update(call.body());
        return signature.verify(Base64.getDecoder().decode(call.headers().get(signer.header())));
    }

    @Test
    void what_happens_to_records_is_told_in_its_order() {
        location.create("contacts", Map.of("email", "before@example.com"));
        crm.webhooksTo(receiver.url().resolve("crm"), WebhookSigner.hmac("secret"));
        crm.addLocation("loc_b", "Its seed data is no news");
        String contact = location.create("contacts", Map.of("email", "ada@example.com"));
        location.update("contacts", contact, Map.of("tags", List.of("vip")));
        String deal = location.create("opportunities", Map.of("name", "Deal", "contactId", contact));
        location.update("opportunities", deal, Map.of("pipelineStageId", location.stage("Proposal")));
        location.update("opportunities", deal, Map.of("status", "won"));
        location.create("appointments", Map.of("contactId", contact, "startTime", "2026-05-02T09:00:00Z"));
        location.create("form-submissions", Map.of("formId", location.idOf("forms", "Contact us")));
        location.put("contacts", Map.of("id", "quiet"));
        location.remove("contacts", contact);
        List<Received> calls = received(11);
        assertThat(calls)
                .extracting(call -> json(call).path("type").asText())
                .containsExactly(
                        "ContactCreate",
                        "ContactUpdate",
                        "ContactTagUpdate",
                        "OpportunityCreate",
                        "OpportunityUpdate",
                        "OpportunityStageUpdate",
                        "OpportunityUpdate",
                        "OpportunityStatusUpdate",
                        "AppointmentCreate",
                        "FormSubmitted",
                        "ContactDelete");
        JsonNode first = json(calls.get(0));
        assertThat(first.path("id").asText()).isEqualTo(contact);
        assertThat(first.path("email").asText()).isEqualTo("ada@example.com");
        assertThat(first.path("locationId").asText()).isEqualTo("loc_sandbox");
        assertThat(first.path("timestamp").asText()).isEqualTo("2026-05-01T12:00:00.000Z");
        assertThat(calls)
                .extracting(call -> json(call).path("webhookId").asText())
                .doesNotHaveDuplicates();
        await().untilAsserted(() -> assertThat(crm.webhooks().delivered()).isEqualTo(11));
        assertThat(crm.webhooks().events()).isEqualTo(11);
        assertThat(crm.webhooks().failed()).isZero();
    }

    @Test
    void an_hmac_verifies_in_the_header_that_was_chosen() throws GeneralSecurityException {
        crm.webhooksTo(receiver.url(), WebhookSigner.hmac("s3cret").withHeader("X-Signature"));
        location.create("contacts", Map.of("email", "ada@example.com"));
        Received call = received(1).get(0);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("s3cret".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        assertThat(call.headers().get("x-signature"))
                .isEqualTo(Base64.getEncoder().encodeToString(mac.doFinal(call.body())));
        assertThatThrownBy(() -> WebhookSigner.hmac("s").publicKeyPem()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void rsa_and_ed25519_verify_by_the_public_key() throws GeneralSecurityException {
        WebhookSigner rsa = WebhookSigner.rsa();
        crm.webhooksTo(receiver.url(), rsa);
        location.create("contacts", Map.of("email", "ada@example.com"));
        assertThat(verifies("RSA", "SHA256withRSA", rsa, received(1).get(0))).isTrue();
        WebhookSigner ed25519 = WebhookSigner.ed25519();
        crm.webhooksTo(receiver.url(), ed25519);
        location.create("contacts", Map.of("email", "eve@example.com"));
        assertThat(verifies("Ed25519", "Ed25519", ed25519, received(2).get(1))).isTrue();
        assertThat(verifies(
                        "Ed25519",
                        "Ed25519",
                        WebhookSigner.ed25519().withHeader("x-ghl-signature"),
                        received(2).get(1)))
                .isFalse();
    }

    @Test
    void a_call_that_is_refused_or_reaches_nobody_is_counted_and_the_next_one_is_made() {
        crm.webhooksTo(receiver.url(), WebhookSigner.hmac("secret"));
        receiver.answer(500);
        location.create("contacts", Map.of("email", "a@example.com"));
        await().untilAsserted(() -> assertThat(crm.webhooks().failed()).isEqualTo(1));
        receiver.stop();
        location.create("contacts", Map.of("email", "b@example.com"));
        await().untilAsserted(() -> assertThat(crm.webhooks().failed()).isEqualTo(2));
        receiver.restart();
        receiver.answer(200);
        location.create("contacts", Map.of("email", "c@example.com"));
        await().untilAsserted(() -> assertThat(crm.webhooks().delivered()).isEqualTo(1));
    }
}
