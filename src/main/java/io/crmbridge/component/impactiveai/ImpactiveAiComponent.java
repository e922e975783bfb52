package io.crmbridge.component.impactiveai;

import io.crmbridge.component.BridgeServices;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** {@code impactiveai:<resource>}: feeds and operations of an ImpactiveAI workspace. */
@Component("impactiveai")
public class ImpactiveAiComponent extends DefaultComponent {

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        ImpactiveAiEndpoint endpoint = new ImpactiveAiEndpoint(uri, this, BridgeServices.of(getCamelContext()));
        endpoint.setResource(remaining);
        setProperties(endpoint, parameters);
        endpoint.check();
        return endpoint;
    }
}
