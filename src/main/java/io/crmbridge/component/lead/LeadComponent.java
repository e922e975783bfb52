package io.crmbridge.component.lead;

import io.crmbridge.component.BridgeServices;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** The {@code lead:} component. */
@Component("lead")
public class LeadComponent extends DefaultComponent {

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        LeadEndpoint endpoint = new LeadEndpoint(uri, this, BridgeServices.of(getCamelContext()));
        endpoint.setName(remaining);
        setProperties(endpoint, parameters);
        endpoint.check();
        return endpoint;
    }
}
