package io.crmbridge.component.hook;

import io.crmbridge.component.BridgeServices;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/** Posts the body as JSON to a webhook, with a stable webhook-id and a signature (Standard Webhooks 1.0). */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "hook",
        title = "Hook",
        syntax = "hook:target",
        producerOnly = true,
        category = {Category.HTTP})
public class HookEndpoint extends DefaultEndpoint {
    private final HookComponent component;
    private Optional<URI> url = Optional.empty();

    @UriPath(
            description =
                    "Name of a hook, set by bridge.hook.name.url and its siblings; or a URL, then without a secret: its query"
                            + " goes to the target as it is (of toD sorted by Camel), and is no option")
    @Metadata(required = true)
    private String target;

    HookEndpoint(String uri, HookComponent component) {
        super(uri, component);
        this.component = component;
    }

    /**
     * @param url with its query, which goes to the target as it is
     * @throws IllegalArgumentException when it is none; names no query, which may be a secret
     */
    static HookEndpoint toUrl(String uri, HookComponent component, String url) {
        HookEndpoint endpoint = new HookEndpoint(uri, component);
        try {
            endpoint.url = Optional.of(new URI(url)).filter(it -> it.getHost() != null);
        } catch (URISyntaxException e) {
            // Told below, like a URL without a host.
        }
        if (endpoint.url.isEmpty()) {
            throw new IllegalArgumentException(
                    "this is no URL: write for example https://example.com/path, and percent-encode what may not stand in one");
        }
        endpoint.setTarget(url.replaceFirst("\\?.*", ""));
        return endpoint;
    }

    @Override
    public Producer createProducer() {
        HookSettings settings = settings();
        return new HookProducer(
                this,
                settings,
                component.client(settings.allowPrivate()),
                BridgeServices.of(getCamelContext()).activity());
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("hook: is a target only");
    }

    HookSettings settings() {
        return url.map(it -> new HookSettings(it, Optional.empty(), false, Map.of(), Duration.ofSeconds(30)))
                .orElseGet(() -> component.settings(target));
    }

    /** As a route names it, but of a query, which may be a secret, only a mark; keys of effects are made of it. */
    String name() {
        String query = url.map(URI::getRawQuery)
                .map(text -> "?" + Integer.toHexString(text.hashCode()))
                .orElse("");
        return "hook:" + target + query;
    }

    /** A name, or a URL without its query. */
    public String getTarget() {
        return target;
    }

    public void setTarget(String target) {
        this.target = target;
    }
}
