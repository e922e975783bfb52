package io.crmbridge.component;

import io.crmbridge.feed.SubscriptionHandle;
import java.util.List;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** A feed's route is up while it delivers or was paused by a person. */
final class FeedHealthCheck extends AbstractHealthCheck {
    private final List<SubscriptionHandle> handles;

    FeedHealthCheck(String routeId, List<SubscriptionHandle> handles) {
        super("camel", "consumer:" + routeId);
        this.handles = handles;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        List<String> bad = handles.stream()
                .map(SubscriptionHandle::state)
                .filter(state -> state.equals("ALARM") || state.equals("TARGET_DOWN"))
                .toList();
        if (bad.isEmpty()) {
            builder.up();
        } else {
            builder.message("the route is " + bad).down();
        }
    }
}
