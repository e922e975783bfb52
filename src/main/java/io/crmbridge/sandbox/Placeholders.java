package io.crmbridge.sandbox;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code {{firstName}}}, {@code {{lastName}}} and {@code {{email}}} in a step; the document names none, so these are a guess. */
final class Placeholders {
    private static final Pattern PLACE = Pattern.compile("\\{\\{\\s*(firstName|lastName|email)\\s*}}");

    private Placeholders() {}

    /** What a contact does not have is left empty; other placeholders stay as they are. */
    static String fill(String text, Map<String, Object> contact) {
        return PLACE.matcher(text).replaceAll(place -> {
            Object value = contact.get(place.group(1));
            return value == null ? "" : Matcher.quoteReplacement(value.toString());
        });
    }
}
