package io.crmbridge.bundle.pack;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a packed bundle says of itself. Immutable.
 *
 * @param format of this manifest and of the zip
 * @param name of the bundle
 * @param version of the bundle, semantic
 * @param needs the oldest version of the program that can run it; null where that is not known
 * @param files SHA-256 in hexadecimal digits of every other file of the zip, by its path
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"format", "name", "version", "needs", "files"})
public record Manifest(int format, String name, String version, String needs, SortedMap<String, String> files) {
    static final String FILE = "META-INF/bundle.json";
    static final int FORMAT = 1;
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern NAME = Pattern.compile("[^\\p{Cc}\\p{Cf}]{1,100}");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            // What a later program adds to the same format can be left unread.
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    byte[] json() {
        try {
            return (JSON.writeValueAsString(this).replace(System.lineSeparator(), "\n") + "\n")
                    .getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a manifest of texts and numbers can be written", e);
        }
    }

    /** @throws Suspicion when it is none that this program knows */
    static Manifest read(byte[] json) throws Suspicion {
        try {
            JsonNode tree = JSON.readTree(json);
            int format = tree.path("format").asInt();
            if (format != FORMAT) {
                throw new Suspicion(
                        FILE,
                        "its format is %s, and this program knows %d: update the program, or pack the bundle with this one"
                                .formatted(tree.path("format"), FORMAT));
            }
            Manifest manifest = JSON.treeToValue(tree, Manifest.class);
            manifest.check();
            return manifest;
        } catch (IOException e) {
            throw new Suspicion(FILE, "it is no manifest: pack the bundle anew with bundle pack");
        }
    }

    private void check() throws Suspicion {
        boolean whole = name != null
                && NAME.matcher(name).matches()
                && version != null
                && SemanticVersion.of(version).isPresent()
                && (needs == null || SemanticVersion.of(needs).isPresent())
                && files != null
                && files.values().stream()
                        .allMatch(sum -> sum != null && SHA256.matcher(sum).matches());
        if (!whole) {
            throw new Suspicion(
                    FILE,
                    "name, version, needs or files is missing or is not what it must be: pack the bundle anew with bundle pack");
        }
    }

    public Manifest {
        files = files == null ? null : Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }
}
