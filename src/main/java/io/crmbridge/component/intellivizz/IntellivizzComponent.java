package io.crmbridge.component.intellivizz;

import io.crmbridge.component.BridgeServices;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** {@code intellivizz:<resource>}: feeds and operations of an Intellivizz location or agency. */
@Component("intellivizz")
public class IntellivizzComponent extends DefaultComponent {

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        IntellivizzEndpoint endpoint = new IntellivizzEndpoint(uri, this, BridgeServices.of(getCamelContext()));
        endpoint.setResource(remaining);
        setProperties(endpoint, parameters);
        endpoint.check();
        return endpoint;
    }
}
