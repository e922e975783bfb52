package io.crmbridge.component.rehearse;

import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.support.PollingConsumerSupport;

/** A source that a step asks for more, and that has none. */
final class NothingToPoll extends PollingConsumerSupport {
    NothingToPoll(Endpoint endpoint) {
        super(endpoint);
    }

    @Override
    public Exchange receive() {
        return null;
    }

    @Override
    public Exchange receiveNoWait() {
        return null;
    }

    @Override
    public Exchange receive(long timeout) {
        return null;
    }
}
