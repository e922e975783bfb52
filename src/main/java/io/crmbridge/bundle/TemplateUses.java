package io.crmbridge.bundle;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SetHeaderDefinition;
import org.apache.camel.model.SetPropertyDefinition;

/** The templates of a route whose body is a feed's record or a list of them. */
final class TemplateUses {
    private TemplateUses() {}

    static List<TemplateUse> of(Subject subject, RouteDefinition route) {
        Set<String> set = new HashSet<>();
        Steps.walk(route.getOutputs(), step -> {
            if (step instanceof SetHeaderDefinition header) {
                set.add(header.getName());
            } else if (step instanceof SetPropertyDefinition property) {
                set.add(property.getName());
            }
        });
        List<TemplateUse> uses = new ArrayList<>();
        RecordFlow.follow(
                subject,
                route,
                (step, body) -> subject.usesOf(route).stream()
                        .filter(use -> use.is("template")
                                && use.step().filter(it -> it == step).isPresent())
                        .forEach(use -> body.ifPresent(origin -> uses.add(new TemplateUse(
                                use.name(), origin.type(), origin.connection(), origin.feed(), Set.copyOf(set))))));
        return uses;
    }
}
