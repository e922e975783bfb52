package io.crmbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbridge.sandbox.WebhookReceiver.Received;
import io.crmbridge.sandbox.WebhookReceiver.Reply;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WebhookReceiverTest extends SandboxTest {
    private WebhookReceiver receiver;
    private Caller sender;

    @BeforeEach
    void sender() {
        receiver = sandbox.receiver();
        sender = new Caller(receiver.url(), "a-key");
    }

    @Test
    void a_call_is_kept_and_answered_ok() throws IOException {
        var answer = sender.post("/erp/deals?x=1", "{\"a\":\"ü\"}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"ok\":true}");
        assertThat(receiver.received()).singleElement().satisfies(call -> {
            assertThat(call.path()).isEqualTo("/erp/deals");
            assertThat(call.text()).isEqualTo("{\"a\":\"ü\"}");
            assertThat(call.headers()).containsEntry("x-api-key", "a-key");
            assertThat(call.at()).isEqualTo(clock.instant());
        });
    }

    @Test
    void calls_are_counted_in_order_until_cleared() throws IOException {
        sender.post("/", "1");
        sender.post("/", "2");
        assertThat(receiver.count()).isEqualTo(2);
        assertThat(receiver.received()).extracting(Received::text).containsExactly("1", "2");
        receiver.clear();
        assertThat(receiver.count()).isZero();
        assertThat(receiver.received()).isEmpty();
    }

    @Test
    void another_verb_is_refused_and_not_counted() throws IOException {
        assertThat(sender.get("/").statusCode()).isEqualTo(405);
        assertThat(receiver.count()).isZero();
    }

    @Test
    void a_status_is_answered_on_command() throws IOException {
        receiver.answer(410);
        var answer = sender.post("/", "x");
        assertThat(answer.statusCode()).isEqualTo(410);
        assertThat(answer.body()).isEqualTo("{\"ok\":false}");
        assertThat(receiver.count()).isEqualTo(1);
    }

    @Test
    void a_behaviour_sees_the_call() throws IOException {
        receiver.answer(call -> call.text().equals("bad") ? Reply.of(429).withHeader("Retry-After", "3") : Reply.ok());
        assertThat(sender.post("/", "good").statusCode()).isEqualTo(200);
        var refused = sender.post("/", "bad");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("3");
    }

    @Test
    void a_behaviour_that_fails_answers_500() throws IOException {
        receiver.answer(call -> {
            throw new IllegalArgumentException("broken behaviour");
        });
        assertThat(sender.post("/", "x").statusCode()).isEqualTo(500);
    }

    @Test
    void a_dropped_call_was_received_but_not_answered() {
        receiver.answer(call -> Reply.dropped());
        assertThatThrownBy(() -> sender.post("/", "x")).isInstanceOf(IOException.class);
        assertThat(receiver.count()).isEqualTo(1);
    }

    @Test
    @Timeout(20)
    void a_delayed_answer_ends_when_the_receiver_stops() {
        receiver.answer(call -> Reply.ok().withDelay(Duration.ofHours(1)));
        var outcome = CompletableFuture.supplyAsync(this::postOutcome);
        Awaitility.await().until(() -> receiver.count() == 1);
        assertThat(outcome).isNotDone();
        receiver.stop();
        assertThat(outcome).succeedsWithin(5, TimeUnit.SECONDS);
    }

    @Test
    void a_stopped_receiver_refuses_connections_and_restarts_on_the_same_port() throws IOException {
        URI url = receiver.url();
        sender.post("/", "before");
        receiver.stop();
        receiver.stop();
        assertThatThrownBy(() -> sender.post("/", "down")).isInstanceOf(ConnectException.class);
        receiver.restart();
        receiver.restart();
        assertThat(receiver.url()).isEqualTo(url);
        assertThat(sender.post("/", "after").statusCode()).isEqualTo(200);
        assertThat(receiver.received()).extracting(Received::text).containsExactly("before", "after");
    }

    @Test
    void a_large_body_arrives_whole() throws IOException {
        String large = "x".repeat(3_000_000);
        assertThat(sender.post("/", large).statusCode()).isEqualTo(200);
        assertThat(receiver.received().get(0).body()).hasSize(3_000_000);
    }

    private String postOutcome() {
        try {
            return String.valueOf(sender.post("/", "x").statusCode());
        } catch (IOException e) {
            return "dropped";
        }
    }
}
