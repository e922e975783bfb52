package io.crmbridge.crm;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/** Calls to one CRM with its key: no redirect is followed, nothing is retried, no answer may outgrow its limit. */
public final class CrmHttp implements AutoCloseable {
    /** As much of an error's body as is kept. */
    private static final int WORDS = 4096;

    private final URI baseUrl;
    private final Authorization authorization;
    private final Credential credential;
    private final Quota quota;
    private final Limits limits;
    private final Clock clock;
    private final CloseableHttpClient client;

    /**
     * @param answerBytes the largest answer that is read
     * @param answerTime from the sending to the last byte
     */
    public record Limits(int answerBytes, Duration connectTime, Duration answerTime) {
        public static final Limits DEFAULT = new Limits(16 << 20, Duration.ofSeconds(10), Duration.ofSeconds(60));
    }

    /** An answer with a 2xx status. */
    public record Answer(byte[] body, Optional<Instant> date, String contentType) {}

    /** How a credential is sent: the header's name, and what stands before the credential in it. */
    public record Authorization(String header, String prefix) {}

    /**
     * @param pathAndQuery begins with a slash, already encoded
     * @param json in UTF-8
     * @param headers beside the usual ones
     */
    public record Request(
            String verb, String pathAndQuery, Optional<byte[]> json, Map<String, String> headers, Quota.Lane lane) {}

    public CrmHttp(
            URI baseUrl, Authorization authorization, Credential credential, Quota quota, Limits limits, Clock clock) {
        this.baseUrl = baseUrl;
        this.authorization = authorization;
        this.credential = credential;
        this.quota = quota;
        this.limits = limits;
        this.clock = clock;
        // A call that has its place in the quota must not wait for a connection: others could use it meanwhile.
        int connections = quota == Quota.NONE ? 16 : 256;
        this.client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setMaxConnPerRoute(connections)
                        .setMaxConnTotal(connections)
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(Timeout.of(limits.connectTime()))
                                .setSocketTimeout(Timeout.of(limits.answerTime()))
                                .setValidateAfterInactivity(Timeout.ofSeconds(2))
                                .build())
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(Timeout.of(limits.answerTime()))
                        .build())
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .setUserAgent("crm-bridge")
                .build();
    }

    /** @param pathAndQuery begins with a slash, already encoded */
    public Answer get(String pathAndQuery) {
        return send("GET", pathAndQuery, Optional.empty());
    }

    /** @param json in UTF-8 */
    public Answer send(String verb, String pathAndQuery, Optional<byte[]> json) {
        return send(new Request(verb, pathAndQuery, json, Map.of(), Quota.Lane.POLL));
    }

    public Answer send(Request request) {
        Secret key = credential.current();
        try {
            return send(request, key);
        } catch (CrmException e) {
            // Refused, and so not carried out.
            if (e.status() == 401 && credential.renew(key)) {
                return send(request, credential.current());
            }
            throw e;
        }
    }

    private Answer send(Request sent, Secret key) {
        HttpUriRequestBase request = new HttpUriRequestBase(sent.verb(), URI.create(baseUrl + sent.pathAndQuery()));
        request.setHeader(authorization.header(), authorization.prefix() + key.value());
        request.setHeader("Accept", "application/json");
        sent.headers().forEach(request::setHeader);
        sent.json().ifPresent(body -> request.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON)));
        String call = sent.verb() + " " + path(sent.pathAndQuery());
        Quota.Permit permit = quota.take(sent.lane());
        try {
            return client.execute(request, response -> {
                permit.close();
                return read(call, response);
            });
        } catch (CrmException e) {
            if (e.verdict() == Verdict.WAIT) {
                quota.exceeded(e.retryAfter());
            }
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new CrmException(
                    Verdict.RETRY,
                    "%s at %s: %s".formatted(call, baseUrl, reason(e)),
                    Optional.empty(),
                    e,
                    0,
                    mayHaveArrived(e));
        } finally {
            permit.close();
        }
    }

    /** False where the request surely was not sent. */
    public static boolean mayHaveArrived(Exception e) {
        return !(e instanceof ConnectException
                || e instanceof ConnectTimeoutException
                || e instanceof UnknownHostException
                || e instanceof NoRouteToHostException
                || e instanceof SSLHandshakeException
                || e instanceof ConnectionRequestTimeoutException);
    }

    private Answer read(String call, ClassicHttpResponse response) throws IOException {
        Verdict verdict = Verdict.ofStatus(response.getCode());
        if (verdict != Verdict.OK) {
            throw new CrmException(
                    verdict,
                    call + " answered " + response.getCode() + explain(response),
                    RetryAfter.parse(header(response, "Retry-After"), clock.instant()),
                    null,
                    response.getCode(),
                    // A server that fails or gives up waiting may have done it before; one that points elsewhere too.
                    verdict == Verdict.RETRY || response.getCode() == 302 || response.getCode() == 303,
                    beginning(response));
        }
        HttpEntity entity = response.getEntity();
        byte[] body = entity == null ? new byte[0] : body(call, entity, response);
        String type = header(response, "Content-Type");
        return new Answer(body, RetryAfter.date(header(response, "Date")), type == null ? "" : type);
    }

    /** Why, in the CRM's own words, where it gives any. */
    private static Optional<byte[]> beginning(ClassicHttpResponse response) {
        try {
            HttpEntity entity = response.getEntity();
            return entity == null
                    ? Optional.empty()
                    : Optional.of(entity.getContent().readNBytes(WORDS));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private byte[] body(String call, HttpEntity entity, ClassicHttpResponse response) throws IOException {
        long deadline = System.nanoTime() + limits.answerTime().toNanos();
        ByteArrayOutputStream body =
                new ByteArrayOutputStream(Math.max(4096, (int) Math.min(1 << 20, entity.getContentLength())));
        InputStream in = entity.getContent();
        byte[] part = new byte[16384];
        for (int read = in.read(part); read >= 0; read = in.read(part)) {
            body.write(part, 0, read);
            if (body.size() > limits.answerBytes()) {
                response.close();
                throw maybeDone(
                        Verdict.BROKEN,
                        "%s answered with more than %d MB: raise bridge.crm.max-answer if that is expected"
                                .formatted(call, limits.answerBytes() >> 20));
            }
            if (System.nanoTime() > deadline) {
                response.close();
                throw maybeDone(Verdict.RETRY, "%s did not end within %s".formatted(call, limits.answerTime()));
            }
        }
        return body.toByteArray();
    }

    private static CrmException maybeDone(Verdict verdict, String message) {
        return new CrmException(verdict, message, Optional.empty(), null, 200, true);
    }

    private String explain(ClassicHttpResponse response) {
        return switch (Verdict.ofStatus(response.getCode())) {
            case REFUSED ->
                response.getCode() == 403
                        ? ": the CRM does not let this key do that"
                        : ": the CRM does not accept this key";
            case WAIT -> ": too many calls";
            case BROKEN ->
                ": a redirect is not followed, because it would take the key along; set the base URL to where"
                        + " the workspace really is";
            case OK, RETRY, INVALID -> "";
        };
    }

    private static String path(String pathAndQuery) {
        int query = pathAndQuery.indexOf('?');
        return query < 0 ? pathAndQuery : pathAndQuery.substring(0, query);
    }

    private static String header(ClassicHttpResponse response, String name) {
        Header header = response.getFirstHeader(name);
        return header == null ? null : header.getValue();
    }

    /** In words, without what was sent. */
    public static String reason(Exception e) {
        if (e instanceof UnknownHostException) {
            return "the host is not known; check the base URL";
        }
        if (e instanceof SocketTimeoutException) {
            return "no answer in time";
        }
        if (e instanceof ConnectException) {
            return "the connection was refused";
        }
        return e.getClass().getSimpleName()
                + (e.getMessage() == null || e instanceof RuntimeException ? "" : " (" + e.getMessage() + ")");
    }

    @Override
    public void close() {
        quota.close();
        client.close(CloseMode.IMMEDIATE);
    }
}
