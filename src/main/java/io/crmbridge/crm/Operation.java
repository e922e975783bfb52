package io.crmbridge.crm;

import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One thing that a CRM's API does.
 *
 * @param resource as routes write it, for example {@code contacts}
 * @param name as routes write it, for example {@code create}
 * @param path below the base URL; what stands in braces is to be given, for example {@code /api/agent/contacts/{id}}
 * @param source the sentence of the API document, or what is assumed where it has none
 */
public record Operation(String resource, String name, String verb, String path, Kind kind, String source) {
    /** What a connection knows itself. */
    private static final Set<String> OWN = Set.of("locationId", "agencyId");

    private static final Pattern PART = Pattern.compile("\\{(\\w+)}");

    public enum Kind {
        READ,
        /** Done twice it leaves what it leaves when done once. */
        REPEATABLE,
        /** Done twice it leaves two: never repeated while its outcome is unknown. */
        ONCE
    }

    /** Names of what the path needs to be given, in its order. */
    public List<String> needs() {
        return PART.matcher(path)
                .results()
                .map(part -> part.group(1))
                .filter(name -> !OWN.contains(name))
                .toList();
    }

    /** The same with another HTTP verb, where the document names none. */
    public Operation withVerb(String other) {
        return new Operation(resource, name, other, path, kind, source);
    }

    String path(UnaryOperator<String> values) {
        return PART.matcher(path).replaceAll(part -> Matcher.quoteReplacement(values.apply(part.group(1))));
    }
}
