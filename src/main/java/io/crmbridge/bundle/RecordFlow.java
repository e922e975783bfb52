package io.crmbridge.bundle;

import io.crmbridge.component.SnapshotOptions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.FilterDefinition;
import org.apache.camel.model.LogDefinition;
import org.apache.camel.model.MulticastDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RemoveHeaderDefinition;
import org.apache.camel.model.RemoveHeadersDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SetHeaderDefinition;
import org.apache.camel.model.SetPropertyDefinition;
import org.apache.camel.model.SplitDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.WhenDefinition;

/** Follows a route's body, as far as it is a feed's record or a list of them, from step to step. */
final class RecordFlow {
    private static final Set<String> BODY_STAYS = Set.of("hook", "export", "smtp", "smtps", "file", "log");

    private final Subject subject;
    private final RouteDefinition route;
    private final BiConsumer<ProcessorDefinition<?>, Optional<Origin>> visitor;

    /** @param list whether the body is a list of records */
    record Origin(String type, String connection, String feed, boolean list) {}

    private RecordFlow(
            Subject subject, RouteDefinition route, BiConsumer<ProcessorDefinition<?>, Optional<Origin>> visitor) {
        this.subject = subject;
        this.route = route;
        this.visitor = visitor;
    }

    /** @param visitor gets each step with what its body is; empty where that is not known */
    static void follow(
            Subject subject, RouteDefinition route, BiConsumer<ProcessorDefinition<?>, Optional<Origin>> visitor) {
        new RecordFlow(subject, route, visitor).follow(route.getOutputs(), source(subject, route));
    }

    /** What a route gets from its source. */
    static Optional<Origin> source(Subject subject, RouteDefinition route) {
        return origin(subject.sourceOf(route));
    }

    private Optional<Origin> follow(List<ProcessorDefinition<?>> steps, Optional<Origin> at) {
        Optional<Origin> body = at;
        for (ProcessorDefinition<?> step : steps) {
            visitor.accept(step, body);
            body = after(step, body);
        }
        return body;
    }

    private Optional<Origin> after(ProcessorDefinition<?> step, Optional<Origin> body) {
        if (step instanceof FilterDefinition) {
            return same(body, follow(step.getOutputs(), body));
        }
        if (step instanceof ChoiceDefinition choice) {
            Optional<Origin> after = body;
            for (WhenDefinition when : choice.getWhenClauses()) {
                after = same(after, follow(when.getOutputs(), body));
            }
            if (choice.getOtherwise() != null) {
                after = same(after, follow(choice.getOtherwise().getOutputs(), body));
            }
            return after;
        }
        if (step instanceof SplitDefinition split) {
            boolean records = "${body}".equals(split.getExpression().getExpression());
            follow(
                    split.getOutputs(),
                    records
                            ? body.map(it -> new Origin(it.type(), it.connection(), it.feed(), false))
                            : Optional.empty());
            return split.getAggregationStrategyBean() == null && split.getAggregationStrategy() == null
                    ? body
                    : Optional.empty();
        }
        if (step instanceof MulticastDefinition) {
            step.getOutputs().forEach(branch -> {
                visitor.accept(branch, body);
                after(branch, body);
            });
            return Optional.empty();
        }
        if (step instanceof SetHeaderDefinition
                || step instanceof SetPropertyDefinition
                || step instanceof RemoveHeaderDefinition
                || step instanceof RemoveHeadersDefinition
                || step instanceof LogDefinition
                || step instanceof ToDefinition to && to.getVariableReceive() != null) {
            return body;
        }
        return use(step).flatMap(use -> afterTarget(use, body));
    }

    private Optional<Use> use(ProcessorDefinition<?> step) {
        return subject.usesOf(route).stream()
                .filter(use -> use.step().filter(it -> it == step).isPresent())
                .findFirst();
    }

    private static Optional<Origin> same(Optional<Origin> one, Optional<Origin> other) {
        return one.equals(other) ? one : Optional.empty();
    }

    private static Optional<Origin> afterTarget(Use use, Optional<Origin> body) {
        if (use.is("template") || use.uri().contains("as=body")) {
            return Optional.empty();
        }
        return BODY_STAYS.contains(use.scheme()) ? body : origin(use);
    }

    /** Where records come from; the answer of another operation is something else. */
    static Optional<Origin> origin(Use use) {
        String operation = use.option("operation").orElse(SnapshotOptions.OPERATION);
        if (!ConnectionCheck.CRMS.contains(use.scheme()) || !operation.equals(SnapshotOptions.OPERATION)) {
            return Optional.empty();
        }
        boolean list = !use.isSource()
                || use.option("batchSize").filter(size -> !size.equals("1")).isPresent();
        return Optional.of(new Origin(use.scheme(), ConnectionCheck.connection(use), use.name(), list));
    }
}
