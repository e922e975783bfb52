package io.crmbridge.bundle;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.model.CircuitBreakerDefinition;
import org.apache.camel.model.EndpointRequiredDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.model.TryDefinition;

/** All steps of a route, those of its clauses too. */
final class Steps {
    interface Visitor {
        void visit(ProcessorDefinition<?> step);
    }

    private Steps() {}

    static void walk(List<ProcessorDefinition<?>> steps, Visitor visitor) {
        walk(steps, visitor, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private static void walk(
            Iterable<ProcessorDefinition<?>> steps, Visitor visitor, Set<ProcessorDefinition<?>> seen) {
        for (ProcessorDefinition<?> step : steps) {
            if (step != null && seen.add(step)) {
                visitor.visit(step);
                walk(children(step), visitor, seen);
            }
        }
    }

    private static Iterable<ProcessorDefinition<?>> children(ProcessorDefinition<?> step) {
        Set<ProcessorDefinition<?>> children = new LinkedHashSet<>(step.getOutputs());
        if (step instanceof TryDefinition attempt) {
            if (attempt.getCatchClauses() != null) {
                children.addAll(attempt.getCatchClauses());
            }
            children.add(attempt.getFinallyClause());
        } else if (step instanceof CircuitBreakerDefinition breaker && breaker.getOnFallback() != null) {
            children.addAll(breaker.getOnFallback().getOutputs());
        }
        return children;
    }

    /** Where a step sends to, with its options; its beginning at least where it is made for each exchange. */
    static Optional<String> uri(ProcessorDefinition<?> step) {
        if (step instanceof EndpointRequiredDefinition target) {
            return Optional.ofNullable(target.getEndpointUri());
        }
        return step instanceof ToDynamicDefinition dynamic ? Optional.ofNullable(dynamic.getUri()) : Optional.empty();
    }
}
