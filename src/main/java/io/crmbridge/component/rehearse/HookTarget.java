package io.crmbridge.component.rehearse;

import io.crmbridge.component.CrmConstants;
import io.crmbridge.component.Effect;
import io.crmbridge.component.hook.HookEndpoint;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;

/** Its headers are not shown but the id: those of the configuration may be secret. */
record HookTarget(HookEndpoint endpoint) implements Target {

    private String name() {
        return "hook:" + endpoint.getTarget();
    }

    @Override
    public Sent sent(Exchange exchange) throws Exception {
        Optional<String> key = Effect.of(exchange, name()).map(Effect::key);
        Map<String, String> headers =
                key.map(it -> Map.of("webhook-id", "msg_" + it)).orElse(Map.of());
        return Target.sent(exchange, name(), Sent.Kind.HOOK, "POST", Bodies.of(exchange), headers, key);
    }

    @Override
    public void accepted(Exchange exchange, Answer answer) {
        exchange.setProperty(
                CrmConstants.HOOK_RESPONSE, answer.body().map(Bodies::text).orElse(""));
    }

    @Override
    public Exception failure(Answer answer) {
        return Target.failure(answer, name().replace(':', ' '));
    }
}
