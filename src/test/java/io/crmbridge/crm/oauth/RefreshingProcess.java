package io.crmbridge.crm.oauth;

import io.crmbridge.state.Store;
import io.crmbridge.state.StoreSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Another process on the same store, which asks for the current token. */
final class RefreshingProcess {
    private RefreshingProcess() {}

    /** @param arguments the store's URL and key, and the token endpoint */
    public static void main(String[] arguments) {
        Clock clock = Clock.systemUTC();
        URI token = URI.create(arguments[2]);
        try (Store store = Store.attach(Path.of("."), settings(arguments[0], arguments[1]), clock);
                OAuthFlow flow = new OAuthFlow(
                        OAuthCredentialTest.app(),
                        new OAuthEndpoints(token, token),
                        OAuthCredentialTest.QUICK,
                        clock)) {
            System.out.println(new OAuthCredential("iv", flow, store.tokens(), clock)
                    .current()
                    .value());
        }
    }

    static StoreSettings settings(String url, String key) {
        return new StoreSettings(
                Optional.of(url),
                Optional.of("postgres"),
                Optional.empty(),
                Duration.ofSeconds(15),
                Optional.of(key),
                Optional.empty());
    }
}
