package io.crmbridge.feed;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Set;
import org.erdtman.jcs.NumberToJSON;

/**
 * Canonical JSON (RFC 8785) of a tree that is parsed already, which a library that begins with text would parse again: that
 * was half of a poll's work. Numbers are the library's.
 */
final class CanonicalJson {
    private static final long EXACT = 1L << 53;
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final StringBuilder text = new StringBuilder(1024);

    private CanonicalJson() {}

    /**
     * @param without names of top-level fields that are left out
     * @throws IOException for a number that a double cannot hold
     */
    static byte[] of(JsonNode tree, Set<String> without) throws IOException {
        CanonicalJson json = new CanonicalJson();
        json.write(tree, without);
        return json.text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void write(JsonNode node, Set<String> without) throws IOException {
        switch (node.getNodeType()) {
            case OBJECT -> object(node, without);
            case ARRAY -> array(node);
            case STRING -> string(node.textValue());
            case NUMBER -> number(node);
            case BOOLEAN -> text.append(node.booleanValue());
            case NULL, MISSING -> text.append("null");
            case BINARY, POJO -> throw new IOException("not JSON");
        }
    }

    private void object(JsonNode node, Set<String> without) throws IOException {
        String[] names = new String[node.size()];
        int count = 0;
        for (Iterator<String> all = node.fieldNames(); all.hasNext(); ) {
            String name = all.next();
            if (!without.contains(name)) {
                names[count++] = name;
            }
        }
        Arrays.sort(names, 0, count);
        text.append('{');
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                text.append(',');
            }
            string(names[i]);
            text.append(':');
            write(node.get(names[i]), Set.of());
        }
        text.append('}');
    }

    private void array(JsonNode node) throws IOException {
        text.append('[');
        for (int i = 0; i < node.size(); i++) {
            if (i > 0) {
                text.append(',');
            }
            write(node.get(i), Set.of());
        }
        text.append(']');
    }

    private void number(JsonNode node) throws IOException {
        boolean whole = node.canConvertToExactIntegral() && node.canConvertToLong();
        if (whole && node.longValue() >= -EXACT && node.longValue() <= EXACT) {
            text.append(node.longValue());
        } else {
            text.append(NumberToJSON.serializeNumber(node.doubleValue()));
        }
    }

    private void string(String value) {
        text.append('"');
        int plain = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c == '"' || c == '\\') {
                text.append(value, plain, i);
                escape(c);
                plain = i + 1;
            }
        }
        text.append(value, plain, value.length()).append('"');
    }

    private void escape(char c) {
        text.append('\\');
        switch (c) {
            case '"', '\\' -> text.append(c);
            case '\b' -> text.append('b');
            case '\f' -> text.append('f');
            case '\n' -> text.append('n');
            case '\r' -> text.append('r');
            case '\t' -> text.append('t');
            default -> text.append("u00").append(HEX[c >> 4]).append(HEX[c & 15]);
        }
    }
}
