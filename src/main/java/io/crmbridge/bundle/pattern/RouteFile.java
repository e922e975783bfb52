package io.crmbridge.bundle.pattern;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A file of routes as far as it says what belongs to it.
 *
 * @param description of its first route or route template
 * @param addresses every endpoint that is named, as a source or as a target
 * @param placeholders names of the properties it uses
 */
record RouteFile(
        String path,
        String text,
        Set<String> ids,
        String description,
        List<Address> addresses,
        Set<String> placeholders) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([\\w.-]+)}}");

    /**
     * @param name what stands between the scheme and the options
     * @param parameters the options by their names, as text
     */
    record Address(boolean source, String scheme, String name, Map<String, String> parameters) {}

    static RouteFile read(String path, String text) {
        Reading reading = new Reading();
        Object yaml = new Load(LoadSettings.builder().setLabel(path).build()).loadFromString(text);
        reading.parameters(yaml);
        reading.walk(yaml, false);
        Set<String> placeholders = PLACEHOLDER
                .matcher(text)
                .results()
                .map(found -> found.group(1))
                .filter(name -> !reading.parameters.containsKey(name))
                .collect(Collectors.toCollection(TreeSet::new));
        return new RouteFile(path, text, reading.ids, reading.description, reading.addresses, placeholders);
    }

    /** Names of the file's own addresses of a scheme. */
    Stream<String> names(boolean source, String scheme) {
        return addresses.stream()
                .filter(address ->
                        address.source() == source && address.scheme().equals(scheme))
                .map(Address::name);
    }

    private static final class Reading {
        private final Set<String> ids = new LinkedHashSet<>();
        private final List<Address> addresses = new ArrayList<>();
        /** Of route templates: every value that one of their uses gives. */
        private final Map<String, Set<String>> parameters = new TreeMap<>();

        private String description = "";

        void parameters(Object node) {
            if (node instanceof Map<?, ?> map) {
                if (map.get("templatedRoute") instanceof Map<?, ?> use
                        && use.get("parameters") instanceof Collection<?> all) {
                    for (Object each : all) {
                        if (each instanceof Map<?, ?> one) {
                            parameters
                                    .computeIfAbsent(String.valueOf(one.get("name")), name -> new TreeSet<>())
                                    .add(String.valueOf(one.get("value")));
                        }
                    }
                }
            } else if (node instanceof Collection<?> several) {
                several.forEach(this::parameters);
            }
        }

        void walk(Object node, boolean source) {
            if (node instanceof Map<?, ?> map) {
                if (map.get("uri") instanceof String uri) {
                    address(source, uri, map.get("parameters"));
                }
                map.forEach((name, value) -> {
                    if (value instanceof Map<?, ?> named) {
                        named(String.valueOf(name), named);
                    }
                    walk(value, name.equals("from"));
                });
            } else if (node instanceof Collection<?> several) {
                several.forEach(each -> walk(each, source));
            }
        }

        private void named(String kind, Map<?, ?> node) {
            Object id =
                    kind.equals("templatedRoute") ? node.get("routeId") : kind.equals("route") ? node.get("id") : null;
            if (id != null) {
                ids.add(String.valueOf(id));
            }
            if (description.isEmpty()
                    && (kind.equals("route") || kind.equals("routeTemplate"))
                    && node.get("description") != null) {
                description = String.valueOf(node.get("description"));
            }
        }

        private void address(boolean source, String uri, Object given) {
            Map<String, String> options = new TreeMap<>();
            if (given instanceof Map<?, ?> map) {
                map.forEach((name, value) -> options.put(String.valueOf(name), String.valueOf(value)));
            }
            for (String each : values(uri)) {
                String[] parts = each.split("\\?", 2)[0].split(":", 2);
                addresses.add(new Address(source, parts[0], parts.length > 1 ? parts[1] : "", options));
            }
        }

        /** The text with each value of a route template's parameter in it. */
        private List<String> values(String text) {
            Matcher placeholder = PLACEHOLDER.matcher(text);
            while (placeholder.find()) {
                Set<String> values = parameters.get(placeholder.group(1));
                if (values != null) {
                    String found = placeholder.group();
                    return values.stream()
                            .flatMap(value -> values(text.replace(found, value)).stream())
                            .toList();
                }
            }
            return List.of(text);
        }
    }
}
