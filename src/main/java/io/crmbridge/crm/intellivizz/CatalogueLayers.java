package io.crmbridge.crm.intellivizz;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.nodes.Node;

/** Catalogue files, each laid over the one before, field by field. A field or an entry that is given as null is taken away. */
final class CatalogueLayers {
    private static final List<String> TOP = List.of("base-url", "version", "resources", "oauth");
    private static final List<String> OAUTH = List.of("authorize", "token");
    private static final List<String> RESOURCE = List.of("unknown", "feed", "operations");
    private static final List<String> FEED = List.of("list", "id", "updated", "created", "reading");
    private static final List<String> OPERATION = List.of(
            "call", "query", "body", "fields", "headers", "kind", "scope", "agency", "rows", "paging", "key", "note");

    private final YamlNodes yaml;
    private final Map<String, Node> top = new LinkedHashMap<>();
    private final Map<String, Resource> resources = new LinkedHashMap<>();

    private static final class Resource {
        private Optional<Node> unknown = Optional.empty();
        private final Map<String, Node> feed = new LinkedHashMap<>();
        private final Map<String, Layered> operations = new LinkedHashMap<>();
    }

    /** @param at where the entry is begun in the last file that has it */
    private record Layered(Node at, boolean customers, Map<String, Node> fields) {}

    CatalogueLayers(YamlNodes yaml) {
        this.yaml = yaml;
    }

    /** @param customers whether it is the customer's own */
    void lay(String label, String text, boolean customers) {
        Map<String, Node> file = yaml.file(label, text);
        yaml.require(file, "a catalogue has no", TOP);
        Optional.ofNullable(file.remove("oauth")).ifPresent(node -> top.putAll(yaml.map(node, "oauth", OAUTH)));
        Optional.ofNullable(file.remove("resources"))
                .ifPresent(node -> yaml.map(node, "resources").forEach((name, resource) -> {
                    if (!name.matches("[a-z][a-z0-9-]*")) {
                        yaml.found(resource, "resource \"%s\": write small letters and dashes".formatted(name));
                    }
                    lay(name, resource, customers);
                }));
        top.putAll(file);
    }

    private void lay(String name, Node node, boolean customers) {
        if (YamlNodes.empty(node)) {
            resources.remove(name);
            return;
        }
        Resource resource = resources.computeIfAbsent(name, absent -> new Resource());
        Map<String, Node> given = yaml.map(node, name, RESOURCE);
        Optional.ofNullable(given.get("unknown")).ifPresent(unknown -> resource.unknown = Optional.of(unknown));
        Optional.ofNullable(given.get("feed")).ifPresent(feed -> {
            if (YamlNodes.empty(feed)) {
                resource.feed.clear();
            } else {
                over(resource.feed, yaml.map(feed, "feed of " + name, FEED));
            }
        });
        Optional.ofNullable(given.get("operations"))
                .ifPresent(operations -> yaml.map(operations, "operations of " + name)
                        .forEach((operation, fields) ->
                                lay(resource, name + " " + operation, operation, fields, customers)));
    }

    private void lay(Resource resource, String what, String operation, Node node, boolean customers) {
        if (YamlNodes.empty(node)) {
            resource.operations.remove(operation);
            return;
        }
        Layered before = resource.operations.get(operation);
        Map<String, Node> fields = new LinkedHashMap<>(before == null ? Map.of() : before.fields());
        over(fields, yaml.map(node, what, OPERATION));
        resource.operations.put(operation, new Layered(node, customers, fields));
    }

    private static void over(Map<String, Node> below, Map<String, Node> above) {
        above.forEach((name, node) -> {
            if (YamlNodes.empty(node)) {
                below.remove(name);
            } else {
                below.put(name, node);
            }
        });
    }

    /** @throws IllegalArgumentException that says all that was found */
    Catalogue catalogue() {
        Optional<String> version = yaml.text(top.get("version"), "version").filter(text -> !text.isBlank());
        EntryReader reader = new EntryReader(yaml, operands(), version);
        Map<String, Map<String, CatalogueEntry>> entries = new LinkedHashMap<>();
        Map<String, FeedEntry> feeds = new LinkedHashMap<>();
        resources.forEach((name, resource) -> {
            boolean unknown = resource.unknown
                    .map(node -> yaml.flag(node, "unknown of " + name))
                    .orElse(false);
            Map<String, CatalogueEntry> read = new LinkedHashMap<>();
            resource.operations.forEach((operation, layered) -> reader.entry(
                            name,
                            operation,
                            layered.at(),
                            layered.fields(),
                            layered.customers()
                                    ? CatalogueEntry.Origin.COLLECTION
                                    : unknown ? CatalogueEntry.Origin.UNKNOWN : CatalogueEntry.Origin.ASSUMED)
                    .ifPresent(entry -> read.put(operation, entry)));
            entries.put(name, read);
            if (!resource.feed.isEmpty()) {
                reader.feed(name, resource.feed, read, resource.operations.keySet())
                        .ifPresent(feed -> feeds.put(name, feed));
            }
        });
        URI baseUrl = url("base-url");
        URI authorize = url("authorize");
        String token = yaml.text(top.get("token"), "token").orElse("");
        if (!token.startsWith("/")) {
            yaml.found(top.get("token"), "token of oauth begins with a slash: it is below base-url");
        }
        yaml.check();
        return new Catalogue(baseUrl, version.orElse(""), authorize, token, entries, feeds);
    }

    private URI url(String name) {
        Node node = top.get(name);
        try {
            URI url = new URI(yaml.text(node, name).orElse("").replaceAll("/+$", ""));
            if (url.getHost() != null
                    && List.of("http", "https").contains(url.getScheme())
                    && url.getUserInfo() == null
                    && url.getQuery() == null
                    && url.getFragment() == null) {
                return url;
            }
            yaml.found(node, "%s is no address as in https://crm.example.com".formatted(name));
        } catch (URISyntaxException e) {
            yaml.found(node, "%s is no address: %s".formatted(name, e.getReason()));
        }
        return null;
    }

    /** What paths ask for may stand in a template too. */
    private TreeSet<String> operands() {
        TreeSet<String> names = new TreeSet<>();
        resources
                .values()
                .forEach(resource -> resource.operations
                        .values()
                        .forEach(operation -> Optional.ofNullable(
                                        operation.fields().get("call"))
                                .ifPresent(call -> Template.placeholders(YamlNodes.raw(call))
                                        .forEach(placeholder -> names.add(placeholder.name())))));
        return names;
    }
}
