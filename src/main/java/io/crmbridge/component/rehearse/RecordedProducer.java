package io.crmbridge.component.rehearse;

import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

final class RecordedProducer extends DefaultProducer {
    private final Target target;
    private final Recorder recorder;

    RecordedProducer(Endpoint endpoint, Target target, Recorder recorder) {
        super(endpoint);
        this.target = target;
        this.recorder = recorder;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Answer answer = recorder.take(target.sent(exchange));
        if (answer.isFailure()) {
            throw target.failure(answer);
        }
        target.accepted(exchange, answer);
    }
}
