package io.crmbridge.bundle;

import io.crmbridge.bundle.place.Place;
import io.crmbridge.bundle.place.YamlScope;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.util.URISupport;

/**
 * An address that a route has, as its source or in a step.
 *
 * @param step empty for the source
 * @param written with the placeholders that it has
 * @param uri without them, as far as they have values
 */
record Use(
        RouteDefinition route,
        Path file,
        Optional<ProcessorDefinition<?>> step,
        String written,
        String uri,
        Places places) {

    boolean isSource() {
        return step.isEmpty();
    }

    /** Whether the address is made anew for each exchange. */
    boolean isDynamic() {
        return step.filter(org.apache.camel.model.ToDynamicDefinition.class::isInstance)
                .isPresent();
    }

    String scheme() {
        return Uris.scheme(uri);
    }

    boolean is(String scheme) {
        return scheme().equals(scheme);
    }

    /** Without options. */
    String base() {
        return Uris.base(uri);
    }

    /** What stands behind the scheme, without options. */
    String name() {
        return Uris.path(base()).replaceFirst("^//", "");
    }

    Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        try {
            URISupport.parseQuery(uri.substring(Math.min(base().length() + 1, uri.length())))
                    .forEach((option, value) -> options.put(option, String.valueOf(value)));
        } catch (URISyntaxException e) {
            // The check of the address tells what is wrong with it.
            return options;
        }
        return options;
    }

    Optional<String> option(String name) {
        return Optional.ofNullable(options().get(name));
    }

    boolean has(String option) {
        return uri.contains("?" + option + "=") || uri.contains("&" + option + "=");
    }

    boolean hasOwnId() {
        return step.filter(ProcessorDefinition::hasCustomIdAssigned).isPresent();
    }

    /** At the address. */
    Finding finding(String message) {
        return at(YamlScope::uri, message);
    }

    /** At the step's own word. */
    Finding atStep(String message) {
        return at(YamlScope::begin, message);
    }

    Finding atOption(String option, String message) {
        return at(scope -> scope.option(option), message);
    }

    Finding atValue(String option, String message) {
        return at(scope -> scope.value(option), message);
    }

    /** At a word in an option's value. */
    Finding atWord(String option, String word, String message) {
        return at(scope -> scope.word(option, word), message);
    }

    private Finding at(Function<YamlScope, Place> where, String message) {
        return step.map(it -> places.finding(file, it.getLineNumber(), where, message))
                .orElseGet(() -> places.source(file, route.getInput().getLineNumber(), where, message));
    }
}
