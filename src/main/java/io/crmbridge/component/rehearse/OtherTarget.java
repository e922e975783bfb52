package io.crmbridge.component.rehearse;

import io.crmbridge.component.CrmRecord;
import org.apache.camel.Exchange;

/** Whatever component a bundle brings along. */
record OtherTarget(String name) implements Target {

    @Override
    public Sent sent(Exchange exchange) throws Exception {
        return Target.sent(exchange, name, Sent.Kind.OTHER, "", Bodies.of(exchange));
    }

    @Override
    public void accepted(Exchange exchange, Answer answer) {
        answer.body().ifPresent(body -> exchange.getMessage().setBody(CrmRecord.ofTree(body)));
    }
}
