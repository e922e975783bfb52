package io.crmbridge.bundle;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.model.RouteDefinition;

/** Ids of routes and steps: under them places, keys and answers are kept. */
final class IdCheck {
    private static final Set<String> EFFECTS = Set.of("hook", "export", "inbox", "smtp", "smtps");

    private final Subject subject;
    private final Report report;
    private final Set<String> ids = new HashSet<>();
    private final Set<String> stepIds = new HashSet<>();

    private IdCheck(Subject subject) {
        this.subject = subject;
        this.report = subject.report();
    }

    static void check(Subject subject) {
        IdCheck check = new IdCheck(subject);
        subject.routes().forEach(check::route);
    }

    private void route(RouteDefinition route, Path file) {
        Use source = subject.sourceOf(route);
        boolean onFeed = subject.isOnFeed(route);
        if (onFeed && !route.hasCustomIdAssigned()) {
            report.error(
                    Code.MISSING_ID,
                    source.finding("a route on %s needs an id: its place in the log is kept under it"
                            .formatted(source.base())));
        } else if (route.hasCustomIdAssigned() && !ids.add(route.getRouteId())) {
            report.error(
                    Code.DUPLICATE_ID,
                    subject.places()
                            .finding(
                                    file,
                                    route.getLineNumber(),
                                    scope -> scope.value(route.getTemplateParameters() == null ? "id" : "routeId"),
                                    "there are two routes with the id %s".formatted(route.getRouteId())));
        }
        if (route.getTemplateParameters() == null) {
            Steps.walk(route.getOutputs(), step -> {
                if (step.hasCustomIdAssigned() && !stepIds.add(step.getId())) {
                    report.error(
                            Code.DUPLICATE_ID,
                            subject.places()
                                    .finding(
                                            file,
                                            step.getLineNumber(),
                                            scope -> scope.value("id"),
                                            "there are two steps with the id %s".formatted(step.getId())));
                }
            });
        }
        onces(route);
        if (onFeed) {
            effects(route);
        }
    }

    /** What a snapshot answered once is kept under its route and its step, or else its resource. */
    private void onces(RouteDefinition route) {
        Set<String> targets = new HashSet<>();
        for (Use use : subject.usesOf(route)) {
            if (use.isSource() || !RouteCheck.isFeed(use.uri()) || !use.has("once")) {
                continue;
            }
            if (!route.hasCustomIdAssigned()) {
                report.error(
                        Code.MISSING_ID,
                        use.atStep("a route with once= on %s needs an id: what was answered is kept under it"
                                .formatted(use.base())));
            } else if (!use.hasOwnId() && !targets.add(use.base())) {
                report.error(
                        Code.MISSING_ID,
                        use.atStep(
                                "route %s has two steps with once= on %s without an id: give each an id:, under which it keeps what it answered"
                                        .formatted(route.getRouteId(), use.base())));
            }
        }
    }

    /** The key of an effect is made of its step's id, or else of its target. */
    private void effects(RouteDefinition route) {
        Set<String> targets = new HashSet<>();
        for (Use use : subject.usesOf(route)) {
            effect(use)
                    .filter(target -> !use.hasOwnId()
                            && use.step().filter(EarlyEnds::endsEarly).isEmpty())
                    .filter(target -> !targets.add(target))
                    .ifPresent(target -> report.error(
                            Code.MISSING_ID,
                            use.atStep(
                                    "route %s has two steps to %s without an id: give each an id:, by which a receiver can tell what it gets again"
                                            .formatted(route.getRouteId(), target))));
        }
    }

    /** The target of an effect, for a write to a CRM with its operation; empty where a step has none. */
    private Optional<String> effect(Use use) {
        if (use.isSource()) {
            return Optional.empty();
        }
        return EFFECTS.contains(use.scheme()) ? Optional.of(use.base()) : CrmWrites.write(subject.config(), use);
    }
}
