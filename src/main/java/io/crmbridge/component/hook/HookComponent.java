package io.crmbridge.component.hook;

import io.crmbridge.component.BridgeServices;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.io.CloseMode;

/** {@code hook:<name>} or {@code hook:https://...}: signed webhooks. */
@Component("hook")
public class HookComponent extends DefaultComponent {
    private CloseableHttpClient outward;
    private CloseableHttpClient anywhere;

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        HookEndpoint endpoint = new HookEndpoint(uri, this);
        endpoint.setTarget(remaining);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    /** @throws IllegalArgumentException when the name has no url in the configuration */
    HookSettings settings(String target) {
        if (target.startsWith("http://") || target.startsWith("https://")) {
            return new HookSettings(URI.create(target), Optional.empty(), false, Map.of(), Duration.ofSeconds(30));
        }
        return BridgeServices.of(getCamelContext())
                .hooks()
                .apply(target)
                .orElseThrow(() -> new IllegalArgumentException(
                        "hook \"%s\" has no target: set bridge.hook.%s.url".formatted(target, target)));
    }

    synchronized CloseableHttpClient client(boolean allowPrivate) {
        if (allowPrivate) {
            anywhere = anywhere == null ? HookClient.create(true) : anywhere;
            return anywhere;
        }
        outward = outward == null ? HookClient.create(false) : outward;
        return outward;
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        synchronized (this) {
            for (CloseableHttpClient client : new CloseableHttpClient[] {outward, anywhere}) {
                if (client != null) {
                    client.close(CloseMode.IMMEDIATE);
                }
            }
            outward = null;
            anywhere = null;
        }
    }
}
