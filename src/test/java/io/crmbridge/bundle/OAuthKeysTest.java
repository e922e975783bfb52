package io.crmbridge.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbridge.crm.Secret;
import io.crmbridge.crm.oauth.OAuthApp;
import io.crmbridge.state.StoreSettings;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OAuthKeysTest {
    private static final Map<String, String> WHOLE = Map.of(
            "bridge.connection.iv.oauth", "shop",
            "bridge.oauth.shop.client-id", "id-1",
            "bridge.oauth.shop.client-secret", "s3cret");

    private static BridgeConfig config(Map<String, String> environment, String... more) {
        Map<String, String> properties = new HashMap<>(WHOLE);
        for (int i = 0; i < more.length; i += 2) {
            properties.put(more[i], more[i + 1]);
        }
        return new BridgeConfig(properties, environment, Path.of("."));
    }

    @Test
    void a_connection_names_the_app_whose_grant_it_calls_with() {
        BridgeConfig config = config(
                Map.of("BRIDGE_OAUTH_SHOP_CLIENT_SECRET", "s3cret-of-environment"),
                "bridge.oauth.shop.scopes",
                "contacts.read, contacts.write  forms.read",
                "bridge.oauth.shop.redirect-uri",
                "https://bridge.example.com/oauth/shop/callback");

        assertThat(config.crm().oauth("iv"))
                .contains(new OAuthApp(
                        "shop",
                        "id-1",
                        new Secret("s3cret-of-environment"),
                        Set.of("contacts.read", "contacts.write", "forms.read"),
                        Optional.of(URI.create("https://bridge.example.com/oauth/shop/callback"))));
        assertThat(config.crm().oauth("default")).isEmpty();
        assertThat(config.crm().oauthApps()).containsExactly("shop");
        assertThat(config.crm().oauth("iv").toString()).doesNotContain("s3cret");
    }

    @Test
    void an_app_needs_an_id_and_a_secret() {
        assertThatThrownBy(() -> config(Map.of(), "bridge.connection.iv.oauth", "other")
                        .crm()
                        .oauth("iv"))
                .isInstanceOf(BundleException.class)
                .hasMessageContaining("bridge.oauth.other.client-id is not set")
                .hasMessageContaining("bridge.oauth.other.client-secret is not set");
    }

    @Test
    void a_key_and_an_app_are_not_both_taken() {
        assertThatThrownBy(() -> config(Map.of(), "bridge.connection.iv.api-key", "k")
                        .crm()
                        .oauth("iv"))
                .hasMessageContaining("bridge.connection.iv.api-key and bridge.connection.iv.oauth are both set");
    }

    @Test
    void a_code_comes_back_over_tls_or_stays_on_the_machine() {
        String key = "bridge.oauth.shop.redirect-uri";
        assertThatThrownBy(() -> config(Map.of(), key, "http://bridge.example.com/cb")
                        .crm()
                        .oauth("iv"))
                .hasMessageContaining(key + " is not https");
        assertThatThrownBy(() -> config(Map.of(), key, "here").crm().oauth("iv"))
                .hasMessageContaining(key + " is no URL");
        for (String loopback : new String[] {"http://127.0.0.1:8400/cb", "http://localhost/cb", "http://[::1]:1/cb"}) {
            assertThat(config(Map.of(), key, loopback)
                            .crm()
                            .oauth("iv")
                            .orElseThrow()
                            .redirectUri())
                    .contains(URI.create(loopback));
        }
    }

    @Test
    void installs_are_called_over_tls_or_on_the_machine() {
        String key = "bridge.oauth.shop.base-url";
        assertThatThrownBy(() ->
                        config(Map.of(), key, "http://crm.example.com").crm().baseUrlOfApp("shop"))
                .isInstanceOf(BundleException.class)
                .hasMessageContaining(key + " is not https");
        assertThat(config(Map.of(), key, "http://127.0.0.1:8400/").crm().baseUrlOfApp("shop"))
                .isEqualTo(URI.create("http://127.0.0.1:8400"));
    }

    @Test
    void the_stores_key_is_given_or_in_a_file() {
        StoreSettings given = config(Map.of("BRIDGE_STORE_KEY", "c2VjcmV0")).store();
        assertThat(given.key()).contains("c2VjcmV0");
        assertThat(given.toString()).doesNotContain("c2VjcmV0");
        assertThat(config(Map.of(), "bridge.store.key-file", "/etc/bridge.key")
                        .store()
                        .keyFile())
                .contains(Path.of("/etc/bridge.key"));
    }
}
