package io.crmbridge.bundle;

import io.crmbridge.bundle.place.Place;
import io.crmbridge.bundle.place.YamlScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.apache.camel.model.ExpressionSubElementDefinition;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.RedeliveryPolicyDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.errorhandler.DefaultErrorHandlerDefinition;

/** Routes on a feed that try again by themselves, or that hide a failure from the dispatcher. */
final class ErrorHandling {
    private ErrorHandling() {}

    static void check(Subject subject) {
        for (RouteDefinition route : HandOvers.onFeeds(subject)) {
            redeliveries(subject, route);
            handled(subject, route);
        }
    }

    private static void redeliveries(Subject subject, RouteDefinition route) {
        List<RedeliveryPolicyDefinition> policies = new ArrayList<>();
        if (route.getErrorHandler() != null
                && route.getErrorHandler().getErrorHandlerType() instanceof DefaultErrorHandlerDefinition own) {
            policies.add(own.getRedeliveryPolicy());
        }
        Steps.walk(route.getOutputs(), step -> {
            if (step instanceof OnExceptionDefinition clause) {
                policies.add(clause.getRedeliveryPolicyType());
            }
        });
        boolean repeats = policies.stream()
                .filter(Objects::nonNull)
                .map(RedeliveryPolicyDefinition::getMaximumRedeliveries)
                .anyMatch(times -> times != null && !times.equals("0"));
        if (repeats) {
            warn(
                    subject,
                    Code.REDELIVERY,
                    route,
                    route.getLineNumber(),
                    scope -> scope.option("maximumRedeliveries"),
                    "maximumRedeliveries in route %s tries again while the change holds its lane, and hides it from the dispatcher: leave it out, and set retry.attempts and retry.delay on the source"
                            .formatted(route.getRouteId()));
        }
    }

    private static void handled(Subject subject, RouteDefinition route) {
        Steps.walk(route.getOutputs(), step -> {
            if (step instanceof OnExceptionDefinition clause
                    && (isTrue(clause.getHandled()) || isTrue(clause.getContinued()))) {
                warn(
                        subject,
                        Code.HANDLED_EXCEPTION,
                        route,
                        step.getLineNumber(),
                        YamlScope::begin,
                        "a failure that onException handles counts as done in route %s: it is not tried again and becomes no dead letter. Leave handled and continued out, and let the dispatcher park it"
                                .formatted(route.getRouteId()));
            }
        });
    }

    private static boolean isTrue(ExpressionSubElementDefinition clause) {
        return clause != null
                && clause.getExpressionType() != null
                && "true".equals(clause.getExpressionType().getExpression());
    }

    private static void warn(
            Subject subject,
            Code code,
            RouteDefinition route,
            int line,
            Function<YamlScope, Place> where,
            String message) {
        subject.report().warning(code, subject.places().finding(subject.routes().get(route), line, where, message));
    }
}
