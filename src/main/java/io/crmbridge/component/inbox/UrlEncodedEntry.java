package io.crmbridge.component.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.Charset;

/** A form as a browser posts it: one entry of texts; a field that is there several times is a list. */
final class UrlEncodedEntry {
    private UrlEncodedEntry() {}

    static Entries read(String text, Charset charset) {
        Entries entries = Entries.none(true);
        ObjectNode entry = JsonNodeFactory.instance.objectNode();
        try {
            for (String pair : text.strip().split("&")) {
                if (!pair.isEmpty()) {
                    int equals = pair.indexOf('=');
                    String name = equals < 0 ? pair : pair.substring(0, equals);
                    String value = equals < 0 ? "" : pair.substring(equals + 1);
                    add(entry, URLDecoder.decode(name, charset), URLDecoder.decode(value, charset));
                }
            }
        } catch (IllegalArgumentException e) {
            entries.fault(0, "", "this is no form: a % in it is not followed by two hexadecimal digits");
            return entries;
        }
        if (!entry.isEmpty()) {
            entries.byNumber().put(1, entry);
        }
        return entries;
    }

    private static void add(ObjectNode entry, String name, String value) {
        JsonNode before = entry.get(name);
        if (before instanceof ArrayNode several) {
            several.add(value);
        } else if (before != null) {
            entry.putArray(name).add(before).add(value);
        } else {
            entry.put(name, value);
        }
    }
}
