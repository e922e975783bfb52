package io.crmbridge.bundle;

import io.crmbridge.component.hook.HookComponent;
import io.crmbridge.component.mail.MailOut;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.model.RouteDefinition;

/** Why a route stays off: switched off, a target of it is not set, or a route that it hands over to is off. */
final class OffReasons {
    private static final Set<String> MAIL_OUT = Set.of("smtp", "smtps");

    private final Subject subject;
    private final BridgeConfig config;

    OffReasons(Subject subject) {
        this.subject = subject;
        this.config = subject.config();
    }

    Optional<String> of(RouteDefinition route) {
        return of(route, new HashSet<>());
    }

    private Optional<String> of(RouteDefinition route, Set<RouteDefinition> seen) {
        if (!seen.add(route)) {
            return Optional.empty();
        }
        if (!config.isRouteEnabled(route.getRouteId())) {
            return Optional.of("switched off by bridge.route.%s.enabled=false".formatted(route.getRouteId()));
        }
        Set<String> missing = new LinkedHashSet<>();
        List<String> needed = new ArrayList<>();
        for (Use use : subject.usesOf(route)) {
            dataSource(use).ifPresent(missing::add);
            key(use).ifPresent(missing::add);
            if (use.isSource()) {
                continue;
            }
            if (use.is("hook")
                    && !HookComponent.isUrl(Uris.path(use.base()))
                    && config.hook(use.name()).isEmpty()) {
                missing.add("bridge.hook." + use.name() + ".url");
            }
            if (MAIL_OUT.contains(use.scheme())) {
                missing.addAll(MailOut.missing(subject.context(), use.uri()));
            }
            use.step()
                    .flatMap(step -> HandOvers.next(subject, step))
                    .ifPresent(needs -> of(needs, seen)
                            .ifPresent(reason -> needed.add(
                                    "route %s that it needs is off: %s".formatted(needs.getRouteId(), reason))));
        }
        if (!missing.isEmpty()) {
            return Optional.of("no target: set " + String.join(", ", missing));
        }
        return needed.stream().findFirst();
    }

    private Optional<String> key(Use use) {
        return ConnectionCheck.CRMS.contains(use.scheme())
                ? config.crm().missingKey(ConnectionCheck.connection(use))
                : Optional.empty();
    }

    private Optional<String> dataSource(Use use) {
        return use.is("sql")
                ? SqlCheck.needed(config, use.uri())
                        .filter(name -> config.dataSource(name).isEmpty())
                        .map(name -> "bridge.datasource." + name + ".url")
                : Optional.empty();
    }
}
