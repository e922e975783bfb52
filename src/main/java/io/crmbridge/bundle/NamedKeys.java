package io.crmbridge.bundle;

import io.crmbridge.component.NearestWord;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.camel.model.RouteDefinition;

/** Keys for routes, hooks, inboxes, mail servers and databases that no route names. */
final class NamedKeys {
    private static final Set<String> MAIL = Set.of("smtp", "smtps");

    private final Subject subject;

    private NamedKeys(Subject subject) {
        this.subject = subject;
    }

    static void check(Subject subject) {
        new NamedKeys(subject).check();
    }

    private void check() {
        List<String> routes = subject.routes().keySet().stream()
                .map(RouteDefinition::getRouteId)
                .filter(Objects::nonNull)
                .toList();
        for (String key : subject.config().routeKeys()) {
            String name = key.split("\\.")[2];
            if (!routes.contains(name)) {
                warn(key, "%s is for no route of this bundle%s".formatted(key, NearestWord.hint(name, routes)));
            }
        }
        unused("inbox", "an inbox", subject.config().inboxes(), names(Set.of("inbox")));
        unused("hook", "a hook", subject.config().hooks(), names(Set.of("hook")));
        unused("mail", "a mail server", subject.config().mails(), names(MAIL));
        Set<String> databases = subject.uses().stream()
                .filter(use -> use.is("sql"))
                .flatMap(use -> SqlCheck.needed(subject.config(), use.uri()).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        unused("datasource", "a data source", subject.config().dataSources(), databases);
    }

    private Set<String> names(Set<String> schemes) {
        return subject.uses().stream()
                .filter(use -> schemes.contains(use.scheme()))
                .map(use -> use.is("hook") || use.is("inbox")
                        ? use.name()
                        : use.name().split(":")[0])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void unused(String kind, String what, Set<String> configured, Collection<String> named) {
        if (named.stream().anyMatch(name -> name.contains("${") || name.contains("{{"))) {
            // Any of them may be meant.
            return;
        }
        for (String name : configured) {
            if (!named.contains(name)) {
                warn(
                        "bridge.%s.%s".formatted(kind, name),
                        "bridge.%s.%s.* is of %s that no route names%s"
                                .formatted(kind, name, what, NearestWord.hint(name, named)));
            }
        }
    }

    private void warn(String key, String message) {
        subject.report().property(Code.UNUSED_PROPERTY, true, key, message);
    }
}
