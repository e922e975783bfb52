package io.crmbridge.bundle.pattern;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What of the shipped application.properties some routes need, with its comments: a comment is of the keys below it. */
record PropertiesExcerpt(String text) {
    private static final Set<String> CRMS = Set.of("impactiveai", "intellivizz");

    String of(Set<RouteFile> parts) {
        Set<String> keys = new TreeSet<>();
        Set<String> prefixes = new TreeSet<>();
        for (RouteFile part : parts) {
            keys.addAll(part.placeholders());
            part.ids().forEach(id -> prefixes.add("bridge.route." + id + "."));
            part.addresses().forEach(address -> prefix(address, prefixes));
        }
        if (prefixes.stream().noneMatch(prefix -> prefix.startsWith("bridge.connection."))) {
            prefixes.add("bridge.connection.default.");
        }
        StringBuilder excerpt = new StringBuilder();
        for (String block : text.split("\n\\s*\n")) {
            List<String> lines = new ArrayList<>();
            boolean needed = false;
            for (String line : block.strip().split("\n")) {
                String key = line.split("=", 2)[0].strip();
                boolean isNeeded = keys.contains(key) || prefixes.stream().anyMatch(key::startsWith);
                needed |= isNeeded;
                if (line.startsWith("#") || isNeeded) {
                    lines.add(line);
                }
            }
            if (needed) {
                excerpt.append('\n').append(String.join("\n", lines)).append('\n');
            }
        }
        return excerpt.toString().stripLeading();
    }

    private static void prefix(RouteFile.Address address, Set<String> prefixes) {
        String scheme = address.scheme();
        if (CRMS.contains(scheme)) {
            prefixes.add("bridge.connection." + address.parameters().getOrDefault("connection", "default") + ".");
        }
        String name = address.name();
        switch (scheme) {
            case "hook" -> prefixes.add("bridge.hook." + name + ".");
            case "smtp", "smtps" -> prefixes.add("bridge.mail." + name + ".");
            case "inbox" -> prefixes.add("bridge.inbox." + name + ".");
            case "sql" ->
                prefixes.add("bridge.datasource."
                        + address.parameters().getOrDefault("dataSource", "").replace("#", "") + ".");
            default -> {
                // Camel's others have their settings in the route.
            }
        }
    }
}
