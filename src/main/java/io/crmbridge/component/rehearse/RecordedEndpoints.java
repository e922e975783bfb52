package io.crmbridge.component.rehearse;

import io.crmbridge.component.export.ExportEndpoint;
import java.util.Set;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.EndpointStrategy;

/** What stays inside is real; everything else, of whatever component, is recorded and its sources rest. */
final class RecordedEndpoints implements EndpointStrategy {
    private static final Set<String> INSIDE = Set.of(
            "bean",
            "browse",
            "class",
            "controlbus",
            "dataformat",
            "direct",
            "language",
            "lead",
            "log",
            "map",
            "mock",
            "quartz",
            "ref",
            "seda",
            "stub",
            "template",
            "validator",
            "xslt");

    private final Recorder recorder;

    RecordedEndpoints(Recorder recorder) {
        this.recorder = recorder;
    }

    @Override
    public Endpoint registerEndpoint(String uri, Endpoint endpoint) {
        boolean inside = INSIDE.contains(scheme(endpoint))
                || endpoint instanceof ExportEndpoint export && !export.getAs().equals("file")
                || endpoint instanceof RecordedEndpoint;
        return inside ? endpoint : new RecordedEndpoint(endpoint, recorder);
    }

    static String scheme(Endpoint endpoint) {
        String uri = endpoint.getEndpointUri();
        int colon = uri.indexOf(':');
        return colon < 0 ? uri : uri.substring(0, colon);
    }
}
