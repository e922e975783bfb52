package io.crmbridge.component.inbox;

import io.crmbridge.component.BridgeServices;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** {@code inbox:<name>}: a durable queue for what comes in. */
@Component("inbox")
public class InboxComponent extends DefaultComponent {

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        InboxEndpoint endpoint = new InboxEndpoint(uri, this, BridgeServices.of(getCamelContext()));
        endpoint.setName(remaining);
        setProperties(endpoint, parameters);
        endpoint.check();
        return endpoint;
    }
}
