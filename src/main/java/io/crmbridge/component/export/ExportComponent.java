package io.crmbridge.component.export;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** {@code export:<pattern>}: rows into CSV or NDJSON files, each exactly once. */
@Component("export")
public class ExportComponent extends DefaultComponent {

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        ExportEndpoint endpoint = new ExportEndpoint(uri, this);
        endpoint.setPattern(remaining);
        setProperties(endpoint, parameters);
        endpoint.check();
        return endpoint;
    }
}
