package io.crmbridge.component.hook;

import io.crmbridge.component.BridgeServices;
import java.util.Map;
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

    /** Whether a hook's target is a URL and no name. */
    public static boolean isUrl(String target) {
        return target.startsWith("http://") || target.startsWith("https://");
    }

    /** Else Camel would sort and decode a query. */
    @Override
    public boolean useRawUri() {
        return true;
    }

    /** A URL is not parsed for options: its query is the target's. */
    @Override
    public Endpoint createEndpoint(String uri, Map<String, Object> properties) throws Exception {
        String target = uri.replaceFirst("^hook:(//)?", "");
        return isUrl(target) ? HookEndpoint.toUrl(uri, this, target) : super.createEndpoint(uri, properties);
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        HookEndpoint endpoint = new HookEndpoint(uri, this);
        endpoint.setTarget(remaining);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    /** @throws IllegalArgumentException when the name has no url in the configuration */
    HookSettings settings(String target) {
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
