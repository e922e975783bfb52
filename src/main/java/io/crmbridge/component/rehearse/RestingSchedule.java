package io.crmbridge.component.rehearse;

import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.support.DefaultEndpoint;

/** In the place of {@code quartz:}, whose scheduler has threads and outlives a context whose routes never fire. */
final class RestingSchedule extends QuartzComponent {

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        parameters.clear();
        return new RestingEndpoint(uri, getCamelContext());
    }

    @Override
    protected void doStart() {
        // No scheduler is made.
    }

    @Override
    protected void doStartScheduler() {
        // Nor when the context has started.
    }

    @Override
    protected void doStop() {
        // Nor stopped.
    }

    private static final class RestingEndpoint extends DefaultEndpoint {
        RestingEndpoint(String uri, CamelContext context) {
            super(uri, null);
            setCamelContext(context);
        }

        @Override
        public Producer createProducer() {
            throw new UnsupportedOperationException("quartz: is a source only");
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            return new RestingConsumer(this, processor, Optional.empty());
        }
    }
}
