package io.crmbridge.component.hook;

import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.util.Timeout;

/** The pooled client of all hooks of one kind: no redirect is followed, and only the dispatcher tries again. */
final class HookClient {
    private HookClient() {}

    static CloseableHttpClient create(boolean allowPrivate) {
        PoolingHttpClientConnectionManagerBuilder pool = PoolingHttpClientConnectionManagerBuilder.create()
                .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
                .setMaxConnPerRoute(256)
                .setMaxConnTotal(512)
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.ofSeconds(10))
                        .setValidateAfterInactivity(Timeout.ofSeconds(2))
                        .build());
        if (!allowPrivate) {
            pool.setDnsResolver(new InwardAddresses());
        }
        return HttpClients.custom()
                .setConnectionManager(pool.build())
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .disableConnectionState()
                .setUserAgent("crm-bridge")
                .build();
    }
}
