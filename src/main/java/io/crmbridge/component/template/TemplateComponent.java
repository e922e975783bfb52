package io.crmbridge.component.template;

import io.crmbridge.component.BridgeServices;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** {@code template:<name>}: makes a text of the body by templates/&lt;name&gt;.html and .txt. */
@Component("template")
public class TemplateComponent extends DefaultComponent {

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        TemplateEndpoint endpoint = new TemplateEndpoint(
                uri, this, BridgeServices.of(getCamelContext()).templates());
        endpoint.setName(remaining);
        setProperties(endpoint, parameters);
        endpoint.template();
        return endpoint;
    }
}
