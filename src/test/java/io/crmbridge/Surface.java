package io.crmbridge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.bundle.BridgeKeys;
import io.crmbridge.cli.CommandLines;
import io.crmbridge.component.CrmConstants;
import io.crmbridge.console.DeadLetterView;
import io.crmbridge.console.GapView;
import io.crmbridge.console.OpsPages;
import io.crmbridge.console.Status;
import io.crmbridge.crm.Operation;
import io.crmbridge.crm.impactiveai.Operations;
import io.crmbridge.crm.intellivizz.Catalogue;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * What others build on, a line each: {@code kind name | attribute=value | ...}. docs/compatibility.md says what is promised of it.
 *
 * @param lines attributes by the kind and name of what has them
 */
record Surface(Map<String, Map<String, String>> lines) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path COMPONENTS = Path.of("target/classes/META-INF/io/crmbridge/component");

    static Surface read(Path file) throws IOException {
        Map<String, Map<String, String>> lines = new TreeMap<>();
        for (String line : Files.readAllLines(file)) {
            String[] parts = line.split(" \\| ");
            Map<String, String> attributes = new LinkedHashMap<>();
            Arrays.stream(parts)
                    .skip(1)
                    .map(part -> part.split("=", 2))
                    .forEach(pair -> attributes.put(pair[0], pair[1]));
            lines.put(parts[0], attributes);
        }
        return new Surface(lines);
    }

    String text() {
        return lines.entrySet().stream()
                .map(line -> line.getKey()
                        + line.getValue().entrySet().stream()
                                .map(attribute -> " | " + attribute.getKey() + "=" + attribute.getValue())
                                .collect(Collectors.joining())
                        + "\n")
                .collect(Collectors.joining());
    }

    /**
     * What of this surface a later one does not keep, a sentence each. What is new there is fine.
     *
     * @param deprecatedMayGo whether the later version is one that may take away what was deprecated
     */
    List<String> notKeptBy(Surface later, boolean deprecatedMayGo) {
        List<String> broken = new ArrayList<>();
        lines.forEach((name, attributes) -> {
            if (deprecatedMayGo && attributes.containsKey("deprecated")) {
                return;
            }
            Map<String, String> now = later.lines.get(name);
            if (now == null) {
                broken.add("%s is gone".formatted(name));
                return;
            }
            for (String same : List.of("default", "type")) {
                if (attributes.containsKey(same) && !attributes.get(same).equals(now.get(same))) {
                    broken.add("%s had the %s %s, and now %s"
                            .formatted(name, same, attributes.get(same), now.getOrDefault(same, "none")));
                }
            }
            Set<String> words = words(attributes.get("words"));
            words.removeAll(words(now.get("words")));
            if (!words.isEmpty()) {
                broken.add("%s does not take %s any more".formatted(name, String.join(", ", words)));
            }
            Set<String> needs = words(now.get("needs"));
            needs.removeAll(words(attributes.get("needs")));
            if (!needs.isEmpty()) {
                broken.add("%s needs %s, and did not".formatted(name, String.join(", ", needs)));
            }
        });
        return broken;
    }

    private static Set<String> words(String text) {
        return text == null || text.isEmpty() ? new TreeSet<>() : new TreeSet<>(Arrays.asList(text.split(",")));
    }

    /** That of the program as it is. */
    static Surface today() throws IOException {
        Surface surface = new Surface(new TreeMap<>());
        try (Stream<Path> components = Files.list(COMPONENTS)) {
            for (Path component : components.toList()) {
                String scheme = component.getFileName().toString();
                surface.component(
                        scheme,
                        JSON.readTree(component.resolve(scheme + ".json").toFile()));
            }
        }
        for (Operation operation : Operations.ALL) {
            surface.add("operation impactiveai:" + operation.resource() + " " + operation.name())
                    .put("needs", String.join(",", operation.needs()));
        }
        // Which call each of these is, and what it needs, is assumed until Intellivizz says so.
        Catalogue intellivizz = Catalogue.standard();
        for (String resource : intellivizz.resources()) {
            surface.add("resource intellivizz:" + resource);
            intellivizz
                    .operations(resource)
                    .forEach(entry -> surface.add("operation intellivizz:" + resource + " "
                            + entry.operation().name()));
        }
        for (BridgeKeys.Key key : BridgeKeys.ALL) {
            surface.add("key " + key.name()).put("default", key.usual());
        }
        surface.constants();
        surface.command(CommandLines.all(), "");
        surface.json("status --json", Status.class);
        surface.json("gaps list --json", GapView.class);
        surface.json("dead-letters list --json", DeadLetterView.class);
        OpsPages.of(null, null).keySet().forEach(path -> surface.add("http GET " + path));
        surface.schema("lead");
        surface.schema("test");
        return surface;
    }

    private Map<String, String> add(String name) {
        return lines.computeIfAbsent(name, each -> new LinkedHashMap<>());
    }

    private void component(String scheme, JsonNode component) {
        JsonNode is = component.path("component");
        add("uri " + scheme)
                .put(
                        "words",
                        Stream.of("producerOnly", "consumerOnly")
                                        .anyMatch(only -> is.path(only).asBoolean())
                                ? is.path("producerOnly").asBoolean() ? "target" : "source"
                                : "source,target");
        component.path("properties").properties().forEach(option -> {
            JsonNode value = option.getValue();
            if (!value.path("label").asText().contains("advanced")) {
                Map<String, String> attributes = add("option " + scheme + " " + name(option));
                attributes.put("type", value.path("type").asText());
                if (value.has("defaultValue")) {
                    attributes.put("default", value.path("defaultValue").asText());
                }
                if (value.has("enum")) {
                    List<String> words = new ArrayList<>();
                    value.path("enum").forEach(word -> words.add(word.asText()));
                    attributes.put("words", String.join(",", words));
                }
                if (value.path("required").asBoolean()) {
                    attributes.put("needs", "a value");
                }
                if (value.path("deprecated").asBoolean()) {
                    attributes.put("deprecated", "true");
                }
            }
        });
    }

    private static String name(Map.Entry<String, JsonNode> option) {
        String prefix = option.getValue().path("prefix").asText();
        return prefix.isEmpty() ? option.getKey() : prefix + "*";
    }

    private void constants() {
        try {
            for (Field constant : CrmConstants.class.getFields()) {
                if (constant.get(null) instanceof String name) {
                    add((name.startsWith("CamelCrm") ? "header " : "property ") + name);
                }
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private void command(CommandLine command, String path) {
        if (command.getCommandSpec().usageMessage().hidden()) {
            return;
        }
        add("command" + (path.isEmpty() ? "" : " " + path))
                .put(
                        "needs",
                        command.getCommandSpec().args().stream()
                                .filter(CommandLine.Model.ArgSpec::required)
                                .map(CommandLine.Model.ArgSpec::paramLabel)
                                .sorted()
                                .collect(Collectors.joining(",")));
        command.getCommandSpec().options().stream()
                .filter(option -> !option.usageHelp() && !option.versionHelp())
                .forEach(option -> {
                    for (String name : option.names()) {
                        Map<String, String> attributes = add("command-option " + path + " " + name);
                        if (option.defaultValue() != null) {
                            attributes.put("default", option.defaultValue());
                        }
                    }
                });
        command.getSubcommands().forEach((name, sub) -> command(sub, (path + " " + name).strip()));
        command.getCommandSpec().usageMessage().exitCodeList().forEach((code, meaning) -> add("exit-code " + code));
    }

    /** The fields that a record is printed with. */
    private void json(String command, Class<?> printed) {
        for (RecordComponent field : printed.getRecordComponents()) {
            add("json " + command + " " + field.getName());
            Type type = field.getGenericType();
            Type element = type instanceof ParameterizedType list ? list.getActualTypeArguments()[0] : type;
            if (element instanceof Class<?> inner && inner.isRecord()) {
                json(command + " " + field.getName(), inner);
            }
        }
    }

    /** The names that a file of a bundle may have. */
    private void schema(String file) throws IOException {
        try (InputStream schema = Surface.class.getResourceAsStream("/io/crmbridge/bundle/" + file + ".schema.json")) {
            if (schema != null) {
                names(file + "-file", JSON.readTree(schema));
            }
        }
    }

    private void names(String path, JsonNode schema) {
        if (schema.isObject()) {
            schema.properties().forEach(member -> {
                if (member.getKey().equals("properties")) {
                    member.getValue().properties().forEach(name -> {
                        add(path + " " + name.getKey());
                        names(path + " " + name.getKey(), name.getValue());
                    });
                } else {
                    names(path, member.getValue());
                }
            });
        } else {
            schema.forEach(each -> names(path, each));
        }
    }
}
