package io.crmbridge.component.rehearse;

import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.service.ServiceHelper;

/** A real step whose last move, the sending itself, is recorded. */
final class WatchedProducer extends DefaultProducer {
    private final Producer real;
    private final Recorder recorder;

    WatchedProducer(Endpoint endpoint, Producer real, Recorder recorder) {
        super(endpoint);
        this.real = real;
        this.recorder = recorder;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        recorder.during(exchange, () -> real.process(exchange));
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        ServiceHelper.startService(real);
    }

    @Override
    protected void doStop() throws Exception {
        ServiceHelper.stopService(real);
        super.doStop();
    }
}
