package io.crmbridge.bundle;

import io.crmbridge.bundle.place.YamlScope;
import java.util.HashSet;
import java.util.Set;
import org.apache.camel.model.AggregateDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ResequenceDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SamplingDefinition;
import org.apache.camel.model.ThrottleDefinition;
import org.apache.camel.model.WireTapDefinition;

/** Steps at which Camel completes the exchange before the work is done, also in routes reached by direct:. */
final class EarlyEnds {
    private final Subject subject;
    private final Set<RouteDefinition> checked = new HashSet<>();

    private EarlyEnds(Subject subject) {
        this.subject = subject;
    }

    static void check(Subject subject) {
        EarlyEnds check = new EarlyEnds(subject);
        for (RouteDefinition route : subject.routes().keySet()) {
            if (subject.isOnFeed(route) && !subject.sourceOf(route).uri().contains("durable=false")) {
                check.route(route);
            }
        }
    }

    private void route(RouteDefinition route) {
        if (!checked.add(route)) {
            return;
        }
        Steps.walk(route.getOutputs(), step -> {
            if (endsEarly(step)) {
                subject.report()
                        .error(
                                Code.EARLY_END,
                                subject.places()
                                        .finding(
                                                subject.routes().get(route),
                                                step.getLineNumber(),
                                                YamlScope::begin,
                                                "%s ends the exchange before the work is done, so a change in it would be lost with the process: use batchSize on the source instead, or set durable=false on the source to accept the loss"
                                                        .formatted(step.getShortName())));
            }
            HandOvers.next(subject, step).ifPresent(this::route);
        });
    }

    static boolean endsEarly(ProcessorDefinition<?> step) {
        if (step instanceof AggregateDefinition
                || step instanceof WireTapDefinition
                || step instanceof ResequenceDefinition
                || step instanceof SamplingDefinition) {
            return true;
        }
        if (step instanceof ThrottleDefinition throttle) {
            return "true".equals(throttle.getRejectExecution());
        }
        return Steps.uri(step)
                .filter(uri -> Uris.scheme(uri).equals("seda") && !uri.contains("waitForTaskToComplete=Always"))
                .isPresent();
    }
}
