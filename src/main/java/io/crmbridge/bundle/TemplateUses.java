package io.crmbridge.bundle;

import io.crmbridge.component.SnapshotOptions;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.CamelContext;
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
import org.apache.camel.model.WhenDefinition;
import org.apache.camel.support.PluginHelper;

/** Follows a route's body, as far as it is a feed's record or a list of them, to its templates. */
final class TemplateUses {
    private static final Set<String> BODY_STAYS = Set.of("hook", "export", "smtp", "smtps", "file", "log");

    private final CamelContext context;
    private final RouteDefinition route;
    private final Set<String> set = new HashSet<>();
    private final List<TemplateUse> uses = new ArrayList<>();

    private record Origin(String type, String connection, String feed) {}

    private TemplateUses(CamelContext context, RouteDefinition route) {
        this.context = context;
        this.route = route;
    }

    static List<TemplateUse> of(CamelContext context, RouteDefinition route) {
        TemplateUses all = new TemplateUses(context, route);
        Steps.walk(route.getOutputs(), step -> {
            if (step instanceof SetHeaderDefinition header) {
                all.set.add(header.getName());
            } else if (step instanceof SetPropertyDefinition property) {
                all.set.add(property.getName());
            }
        });
        all.follow(route.getOutputs(), all.origin(route.getInput().getEndpointUri()));
        return all.uses;
    }

    private Optional<Origin> follow(List<ProcessorDefinition<?>> steps, Optional<Origin> at) {
        Optional<Origin> body = at;
        for (ProcessorDefinition<?> step : steps) {
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
            follow(split.getOutputs(), records ? body : Optional.empty());
            return split.getAggregationStrategyBean() == null && split.getAggregationStrategy() == null
                    ? body
                    : Optional.empty();
        }
        if (step instanceof MulticastDefinition) {
            step.getOutputs().forEach(branch -> after(branch, body));
            return Optional.empty();
        }
        if (step instanceof SetHeaderDefinition
                || step instanceof SetPropertyDefinition
                || step instanceof RemoveHeaderDefinition
                || step instanceof RemoveHeadersDefinition
                || step instanceof LogDefinition) {
            return body;
        }
        return Steps.uri(step).flatMap(uri -> afterTarget(TemplateParameters.resolved(context, route, uri), body));
    }

    private static Optional<Origin> same(Optional<Origin> one, Optional<Origin> other) {
        return one.equals(other) ? one : Optional.empty();
    }

    private Optional<Origin> afterTarget(String uri, Optional<Origin> body) {
        String scheme = uri.substring(0, Math.max(uri.indexOf(':'), 0));
        if (scheme.equals("template")) {
            String name = uri.substring(uri.indexOf(':') + 1).split("\\?", 2)[0];
            body.ifPresent(origin -> uses.add(
                    new TemplateUse(name, origin.type(), origin.connection(), origin.feed(), Set.copyOf(set))));
            return Optional.empty();
        }
        if (uri.contains("as=body")) {
            return Optional.empty();
        }
        return BODY_STAYS.contains(scheme) ? body : origin(uri);
    }

    /** Where records come from; the answer of another operation is something else. */
    private Optional<Origin> origin(String uri) {
        String resolved = TemplateParameters.resolved(context, route, uri);
        if (!resolved.startsWith("impactiveai:")) {
            return Optional.empty();
        }
        try {
            Map<String, String> options =
                    PluginHelper.getRuntimeCamelCatalog(context).endpointProperties(resolved);
            String operation = options.getOrDefault("operation", SnapshotOptions.OPERATION);
            return operation.equals(SnapshotOptions.OPERATION)
                    ? Optional.of(new Origin(
                            "impactiveai",
                            options.getOrDefault("connection", "default"),
                            options.getOrDefault("resource", "")))
                    : Optional.empty();
        } catch (URISyntaxException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
