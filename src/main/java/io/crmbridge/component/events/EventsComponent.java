package io.crmbridge.component.events;

import io.crmbridge.component.BridgeServices;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** {@code events:<kind>}: what a person should hear of. */
@Component("events")
public class EventsComponent extends DefaultComponent {

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        EventsEndpoint endpoint = new EventsEndpoint(uri, this, BridgeServices.of(getCamelContext()));
        endpoint.setKind(remaining);
        setProperties(endpoint, parameters);
        endpoint.check();
        return endpoint;
    }
}
