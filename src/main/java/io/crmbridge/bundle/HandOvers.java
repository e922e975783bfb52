package io.crmbridge.bundle;

import io.crmbridge.component.NearestWord;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.camel.model.ExpressionNode;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;

/** Routes that hand over to each other within the process. */
final class HandOvers {
    static final Set<String> SCHEMES = Set.of("direct", "seda");

    private HandOvers() {}

    /** The route of the bundle that a step hands over to. */
    static Optional<RouteDefinition> next(Subject subject, ProcessorDefinition<?> step) {
        return subject.uses().stream()
                .filter(use -> use.step().filter(it -> it == step).isPresent() && SCHEMES.contains(use.scheme()))
                .findFirst()
                .flatMap(target -> subject.uses().stream()
                        .filter(use -> use.isSource() && use.base().equals(target.base()))
                        .map(Use::route)
                        .findFirst());
    }

    /** Routes on a feed, and those that they hand over to. */
    static Set<RouteDefinition> onFeeds(Subject subject) {
        Set<RouteDefinition> reached = new LinkedHashSet<>();
        Deque<RouteDefinition> open = new ArrayDeque<>(
                subject.routes().keySet().stream().filter(subject::isOnFeed).toList());
        while (!open.isEmpty()) {
            RouteDefinition route = open.pop();
            if (reached.add(route)) {
                Steps.walk(route.getOutputs(), step -> next(subject, step).ifPresent(open::push));
            }
        }
        return reached;
    }

    static void check(Subject subject) {
        Map<String, Use> sources = new TreeMap<>();
        StringBuilder expressions = new StringBuilder();
        for (Use use : subject.uses()) {
            if (use.isSource() && SCHEMES.contains(use.scheme())) {
                sources.put(use.base(), use);
            }
            if (use.isDynamic()) {
                expressions.append(use.uri()).append('\n');
            }
        }
        for (RouteDefinition route : subject.routes().keySet()) {
            Steps.walk(route.getOutputs(), step -> {
                if (step instanceof ExpressionNode node && node.getExpression() != null) {
                    expressions.append(node.getExpression().getExpression()).append('\n');
                }
            });
        }
        for (Use use : subject.uses()) {
            if (!use.isSource()
                    && SCHEMES.contains(use.scheme())
                    && !use.isDynamic()
                    && !use.uri().contains("{{")
                    && !use.uri().contains("failIfNoConsumers=false")
                    && !sources.containsKey(use.base())) {
                Finding finding = use.finding("no route of this bundle begins with from: %s%s"
                        .formatted(use.base(), NearestWord.hint(use.base(), sources.keySet())));
                // What goes to a queue that nobody empties waits in memory, and does not fail.
                if (use.is("seda")) {
                    subject.report().warning(Code.NO_ROUTE, finding);
                } else {
                    subject.report().error(Code.NO_ROUTE, finding);
                }
            }
        }
        sources.forEach((base, source) -> {
            boolean called = subject.uses().stream()
                            .anyMatch(use -> !use.isSource() && use.base().equals(base))
                    || expressions.indexOf(base) >= 0
                    || expressions.indexOf(source.scheme() + ":${") >= 0;
            if (!called) {
                subject.report()
                        .warning(
                                Code.UNCALLED_ROUTE,
                                source.finding("no step of this bundle hands over to %s, so that route %s never runs"
                                        .formatted(base, source.route().getRouteId())));
            }
        });
    }
}
