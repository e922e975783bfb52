package io.crmbridge.component.hook;

import io.crmbridge.component.Activity;
import io.crmbridge.component.CrmConstants;
import io.crmbridge.component.CrmRecord;
import io.crmbridge.component.Effect;
import io.crmbridge.component.Outcomes;
import io.crmbridge.component.TargetException;
import io.crmbridge.component.hook.InwardAddresses.InwardAddressException;
import io.crmbridge.crm.RetryAfter;
import io.crmbridge.feed.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.util.Timeout;

final class HookProducer extends DefaultProducer {
    private static final int ANSWER_KEPT = 64 * 1024;

    private final HookEndpoint endpoint;
    private final HookSettings settings;
    private final CloseableHttpClient client;
    private final Optional<Signature> signature;
    private final RequestConfig config;
    private final Activity activity;
    private final Clock clock = Clock.systemUTC();

    HookProducer(HookEndpoint endpoint, HookSettings settings, CloseableHttpClient client, Activity activity) {
        super(endpoint);
        this.endpoint = endpoint;
        this.settings = settings;
        this.client = client;
        this.activity = activity;
        try {
            this.signature = settings.secret().map(Signature::new);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "bridge.hook.%s.secret: %s".formatted(endpoint.getTarget(), e.getMessage()), e);
        }
        this.config = RequestConfig.custom()
                .setResponseTimeout(Timeout.of(settings.timeout()))
                .setConnectionRequestTimeout(Timeout.of(settings.timeout()))
                .build();
    }

    private record Answer(int status, String text, Optional<Duration> retryAfter) {}

    @Override
    public void process(Exchange exchange) throws Exception {
        Optional<Effect> effect = Effect.of(exchange, endpoint.name());
        if (effect.isPresent() && effect.get().isDone()) {
            return;
        }
        Instant begun = clock.instant();
        byte[] body = body(exchange.getMessage().getBody());
        HttpPost post = post(effect.map(Effect::key), body, begun);
        Answer answer;
        try {
            answer = client.execute(post, this::read);
        } catch (InwardAddressException e) {
            String reason =
                    "hook %s points inward (loopback or a private network): set bridge.hook.%s.allow-private=true if that is meant"
                            .formatted(endpoint.getTarget(), endpoint.getTarget());
            throw new TargetException(new Outcome.Refused(reason), reason, e);
        } catch (IOException e) {
            String reason =
                    "hook %s: %s".formatted(endpoint.getTarget(), e.getClass().getSimpleName());
            throw new TargetException(new Outcome.Passing(reason, Optional.empty()), reason, e);
        }
        if (answer.status() < 200 || answer.status() >= 300) {
            String reason = "hook %s answered %d%s"
                    .formatted(
                            endpoint.getTarget(),
                            answer.status(),
                            answer.status() == 410 ? ": it is gone for good" : "");
            throw new TargetException(
                    Outcomes.ofStatus(answer.status(), reason, answer.retryAfter()), answer.status(), reason, null);
        }
        effect.ifPresent(Effect::done);
        exchange.setProperty(CrmConstants.HOOK_RESPONSE, answer.text());
        activity.effect(
                exchange, endpoint.name(), Integer.toString(answer.status()), Duration.between(begun, clock.instant()));
    }

    private static byte[] body(Object body) throws IOException {
        if (body instanceof byte[] bytes) {
            return bytes;
        }
        return body instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : CrmRecord.toJson(body);
    }

    private HttpPost post(Optional<String> key, byte[] body, Instant now) {
        HttpPost post = new HttpPost(settings.url());
        post.setConfig(config);
        for (Map.Entry<String, String> header : settings.headers().entrySet()) {
            post.setHeader(header.getKey(), header.getValue());
        }
        String id = "msg_" + key.orElseGet(() -> java.util.UUID.randomUUID().toString());
        post.setHeader("webhook-id", id);
        post.setHeader("webhook-timestamp", Long.toString(now.getEpochSecond()));
        signature.ifPresent(s -> post.setHeader("webhook-signature", s.sign(id, now.getEpochSecond(), body)));
        post.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
        return post;
    }

    private Answer read(ClassicHttpResponse response) throws IOException {
        String text = "";
        HttpEntity entity = response.getEntity();
        if (entity != null) {
            // What lies beyond is of no use; a connection with unread bytes is not used again.
            byte[] bytes = EntityUtils.toByteArray(entity, ANSWER_KEPT);
            text = bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
        }
        Header retryAfter = response.getFirstHeader("Retry-After");
        return new Answer(
                response.getCode(),
                text,
                RetryAfter.parse(retryAfter == null ? null : retryAfter.getValue(), clock.instant()));
    }
}
