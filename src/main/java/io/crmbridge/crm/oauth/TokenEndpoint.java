package io.crmbridge.crm.oauth;

import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.id.ClientID;
import io.crmbridge.crm.CrmHttp;
import io.crmbridge.crm.CrmHttp.Limits;
import io.crmbridge.crm.RetryAfter;
import io.crmbridge.crm.oauth.TokenAnswer.Passing;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/** Calls to a token endpoint: no redirect is followed, nothing is retried, and each ends within the limits. Thread-safe. */
final class TokenEndpoint implements AutoCloseable {
    private static final int LARGEST = 256 << 10;

    private final URI url;
    private final ClientSecretPost client;
    private final Limits limits;
    private final Clock clock;
    private final CloseableHttpClient http;

    TokenEndpoint(OAuthApp app, URI url, Limits limits, Clock clock) {
        this.url = url;
        this.client = new ClientSecretPost(
                new ClientID(app.clientId()), new Secret(app.clientSecret().value()));
        this.limits = limits;
        this.clock = clock;
        this.http = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(Timeout.of(limits.connectTime()))
                                .setSocketTimeout(Timeout.of(limits.answerTime()))
                                .build())
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(Timeout.of(limits.answerTime()))
                        .build())
                // Calls are hours apart, and one on a connection that died meanwhile would be in doubt.
                .setConnectionReuseStrategy((request, response, context) -> false)
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .setUserAgent("crm-bridge")
                .build();
    }

    TokenAnswer ask(AuthorizationGrant grant) {
        Instant asked = clock.instant();
        HttpPost request = new HttpPost(url);
        request.setHeader("Accept", "application/json");
        request.setEntity(new StringEntity(
                new TokenRequest.Builder(url, client, grant)
                        .build()
                        .toHTTPRequest()
                        .getBody(),
                ContentType.APPLICATION_FORM_URLENCODED));
        try {
            return http.execute(request, response -> read(response, asked));
        } catch (IOException | RuntimeException e) {
            boolean arrived = CrmHttp.mayHaveArrived(e);
            return new Passing(
                    "POST %s: %s".formatted(place(), CrmHttp.reason(e)),
                    arrived,
                    arrived && e instanceof IOException,
                    Optional.empty());
        }
    }

    private String place() {
        return url.getScheme() + "://" + url.getAuthority() + url.getPath();
    }

    private TokenAnswer read(ClassicHttpResponse response, Instant asked) throws IOException {
        int status = response.getCode();
        Header header = response.getFirstHeader("Retry-After");
        Optional<Duration> retryAfter = RetryAfter.parse(header == null ? null : header.getValue(), clock.instant());
        byte[] body = response.getEntity() == null ? new byte[0] : body(response);
        String said = "POST %s answered %d".formatted(place(), status);
        if (status == 429 || status == 503) {
            return new Passing(said, false, false, retryAfter);
        }
        if (status >= 500 || status == 408) {
            return new Passing(said, true, false, retryAfter);
        }
        return TokenJson.read(status, body, asked, said);
    }

    private byte[] body(ClassicHttpResponse response) throws IOException {
        long deadline = System.nanoTime() + limits.answerTime().toNanos();
        InputStream in = response.getEntity().getContent();
        byte[] body = new byte[LARGEST];
        int length = 0;
        int read;
        while ((read = in.read(body, length, body.length - length)) > 0) {
            length += read;
            if (System.nanoTime() - deadline > 0) {
                response.close();
                throw new SocketTimeoutException("the answer did not end in time");
            }
        }
        return Arrays.copyOf(body, length);
    }

    @Override
    public void close() {
        http.close(CloseMode.IMMEDIATE);
    }
}
