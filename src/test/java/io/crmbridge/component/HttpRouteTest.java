package io.crmbridge.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.sandbox.WebhookReceiver.Received;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Camel's own {@code http:} as the target of a feed. */
class HttpRouteTest {

    @Test
    void what_is_answered_with_429_is_sent_again_by_the_dispatcher_alone_with_the_key_that_marks_it(
            @TempDir Path folder) throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults());
                TestBridge bridge = TestBridge.in(folder, sandbox)
                        .route("chat", "deals", "retry.delay=1h", """
                                - setBody:
                                    simple:
                                      expression: "${body[name]}"
                                - setHeader:
                                    name: Idempotency-Key
                                    expression:
                                      simple:
                                        expression: "${header.CamelCrmIdempotencyKey}"
                                - to:
                                    uri: %s""".formatted(
                                        sandbox.receiver().url()))
                        .start()) {
            sandbox.receiver().answer(429);

            bridge.create("deals", Map.of("name", "Big one"));

            await().atMost(Duration.ofSeconds(15))
                    .until(() -> bridge.route("chat").parked() == 1);
            assertThat(sandbox.receiver().received())
                    .singleElement()
                    .extracting(Received::headers)
                    .satisfies(headers -> assertThat(headers.keySet())
                            .anyMatch("Idempotency-Key"::equalsIgnoreCase)
                            .noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("camelcrm")));
        }
    }
}
