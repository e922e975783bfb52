package io.crmbridge.bundle.pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.BundleReader;
import io.crmbridge.bundle.editor.EditorSchemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A bundle that was made from a pattern.
 *
 * @param files paths of what was written in it, with slashes; what is for editors alone is not among them
 * @param toSet environment variables without which a route stays off or nothing runs, each with what to set it to
 * @param settable the other variables that its application.properties names
 */
public record NewBundle(
        Path folder, BundlePattern pattern, List<String> files, Map<String, String> toSet, List<String> settable) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]*");
    private static final Pattern VARIABLE = Pattern.compile("(?m)^([\\w.-]+)=\\{\\{env:(\\w+):?([^}]*)}}$");
    private static final ObjectMapper JSON = new ObjectMapper();

    public NewBundle {
        files = List.copyOf(files);
        toSet = Map.copyOf(toSet);
        settable = List.copyOf(settable);
    }

    /**
     * Writes the bundle's files, and beside them the schemas for editors.
     *
     * @param name becomes bridge.bundle
     * @param folder must be empty or not be there
     * @throws IllegalArgumentException when the name or the folder is not fit; says what to do
     * @throws IOException when a file cannot be written
     */
    public static NewBundle make(BundlePattern pattern, String name, Path folder) throws IOException {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "\"%s\" is no name of a bundle: write letters, digits, - and _, as in deals-to-erp"
                            .formatted(name));
        }
        if (Files.exists(folder) && !isEmpty(folder)) {
            throw new IllegalArgumentException(
                    "%s is not empty, and nothing is written over: choose another name, or another --dir"
                            .formatted(folder));
        }
        Map<String, String> files = new TreeMap<>(pattern.files());
        files.computeIfPresent(ShippedFiles.PROPERTIES, (path, text) -> head(pattern, name) + text);
        for (Map.Entry<String, String> file : files.entrySet()) {
            String modeline = EditorSchemas.modeline(file.getKey())
                    .map(line -> line + "\n")
                    .orElse("");
            write(folder.resolve(file.getKey()), modeline + file.getValue());
        }
        write(folder.resolve(".gitignore"), "/data/\n");
        write(folder.resolve(".vscode/extensions.json"), "{ \"recommendations\": [\"redhat.vscode-yaml\"] }\n");
        for (Map.Entry<String, JsonNode> schema : EditorSchemas.all().entrySet()) {
            write(
                    folder.resolve(EditorSchemas.FOLDER).resolve(schema.getKey()),
                    JSON.writeValueAsString(schema.getValue()));
        }
        return made(pattern, folder, files);
    }

    private static String head(BundlePattern pattern, String name) {
        return """
                # %s.
                # Made by: crm-bridge bundle new %s --from %s

                # Places of routes are kept under this name, so it stays.
                bridge.bundle=%s
                # Of what is packed and deployed; raised with each change.
                bridge.bundle.version=0.1.0

                """.formatted(pattern.description(), name, pattern.name(), name);
    }

    private static NewBundle made(BundlePattern pattern, Path folder, Map<String, String> files) {
        List<MatchResult> variables =
                VARIABLE.matcher(files.get(ShippedFiles.PROPERTIES)).results().toList();
        Map<String, String> switchedOn = new TreeMap<>();
        variables.stream()
                .map(found -> found.group(1))
                .filter(NewBundle::isSwitch)
                .forEach(key -> switchedOn.put(key, "true"));
        String missing = String.join(
                "\n",
                BundleReader.read(Bundle.at(folder, switchedOn), Map.of()).off().values());
        Map<String, String> toSet = new TreeMap<>();
        List<String> settable = new ArrayList<>();
        for (MatchResult found : variables) {
            String key = found.group(1);
            String variable = found.group(2);
            if (isSwitch(key)) {
                toSet.put(variable, "true");
            } else if (key.matches(".*\\.(api-key|location-id)")
                    || found.group(3).matches("none|.*example\\.com.*")
                    || Pattern.compile("(?m)\\b" + Pattern.quote(key) + "(?=,|$)")
                            .matcher(missing)
                            .find()) {
                toSet.put(variable, "...");
            } else {
                settable.add(variable);
            }
        }
        return new NewBundle(folder, pattern, List.copyOf(files.keySet()), toSet, settable);
    }

    private static boolean isSwitch(String key) {
        return key.startsWith("bridge.route.") && key.endsWith(".enabled");
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        } catch (NotDirectoryException e) {
            return false;
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
