package io.crmbridge.component.map;

import io.crmbridge.component.BridgeServices;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** {@code map:<name>}: transforms the body by mappings/&lt;name&gt;.jslt. */
@Component("map")
public class MapComponent extends DefaultComponent {

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        MapEndpoint endpoint =
                new MapEndpoint(uri, this, BridgeServices.of(getCamelContext()).mappings());
        endpoint.setName(remaining);
        setProperties(endpoint, parameters);
        endpoint.mapping();
        return endpoint;
    }
}
