package io.crmbridge.bundle.editor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The schemas of a bundle's YAML files, of this version of the program and of Camel. An editor is told by a comment in the
 * file, see {@link #modeline}, or by its own settings.
 */
public final class EditorSchemas {
    /** Of routes/*.yaml. */
    public static final String ROUTES = "crm-bridge-routes.schema.json";
    /** Of leads/*.yaml. */
    public static final String LEADS = "crm-bridge-leads.schema.json";
    /** Of tests/*.test.yaml. */
    public static final String TESTS = "crm-bridge-test.schema.json";
    /** Where a bundle keeps them; a folder that no package of a bundle contains. */
    public static final String FOLDER = ".schemas";

    private static final ObjectMapper JSON = new ObjectMapper();

    private EditorSchemas() {}

    /** @return each schema (JSON Schema, draft 7) by the name of its file */
    public static Map<String, JsonNode> all() {
        Map<String, JsonNode> schemas = new TreeMap<>();
        schemas.put(ROUTES, RoutesSchema.make());
        resource("/io/crmbridge/bundle/lead.schema.json").ifPresent(schema -> schemas.put(LEADS, schema));
        resource("/io/crmbridge/bundle/test.schema.json").ifPresent(schema -> schemas.put(TESTS, schema));
        return schemas;
    }

    /**
     * The comment by which editors with the YAML language server find the schema of a bundle's file.
     *
     * @param path in the bundle, with slashes
     */
    public static Optional<String> modeline(String path) {
        if (!path.matches(".*\\.ya?ml")) {
            return Optional.empty();
        }
        Optional<String> schema = Optional.ofNullable(
                switch (path.substring(0, path.indexOf('/') + 1)) {
                    case "routes/" -> ROUTES;
                    case "leads/" -> LEADS;
                    case "tests/" -> path.endsWith(".test.yaml") ? TESTS : null;
                    default -> null;
                });
        String up = "../".repeat((int) path.chars().filter(c -> c == '/').count());
        return schema.map(name -> "# yaml-language-server: $schema=" + up + FOLDER + "/" + name);
    }

    static Optional<JsonNode> resource(String path) {
        try (InputStream file = EditorSchemas.class.getResourceAsStream(path)) {
            return file == null ? Optional.empty() : Optional.of(JSON.readTree(file));
        } catch (IOException e) {
            throw new UncheckedIOException(path + " in the program's own jar cannot be read", e);
        }
    }
}
