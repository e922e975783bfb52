package io.crmbridge.bundle.place;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A properties file with the places of its keys. Immutable. */
public final class PropertiesFile {
    private static final Pattern LINE =
            Pattern.compile("(\\s*)((?:[^\\s=:#!\\\\]|\\\\.)(?:[^\\s=:\\\\]|\\\\.)*)\\s*[=:]?\\s*(.*)");

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final List<Entry> again = new ArrayList<>();

    /** @param value as it is written, not resolved */
    public record Entry(String key, Place place, String value) {}

    private PropertiesFile() {}

    public static PropertiesFile of(String text) {
        PropertiesFile file = new PropertiesFile();
        List<String> lines = text.lines().toList();
        for (int at = 0; at < lines.size(); at++) {
            Matcher line = LINE.matcher(lines.get(at));
            int begin = at;
            if (!line.matches()) {
                continue;
            }
            StringBuilder value = new StringBuilder(line.group(3));
            while (value.toString().endsWith("\\") && at + 1 < lines.size()) {
                value.setLength(value.length() - 1);
                value.append(lines.get(++at).strip());
            }
            Entry entry = new Entry(
                    line.group(2).replace("\\", ""),
                    new Place(begin + 1, line.group(1).length() + 1),
                    value.toString().strip());
            Entry before = file.entries.put(entry.key(), entry);
            if (before != null) {
                file.again.add(entry);
            }
        }
        return file;
    }

    /** In the order of the file. */
    public List<Entry> entries() {
        return List.copyOf(entries.values());
    }

    /** Those whose key the file has further up too. */
    public List<Entry> duplicates() {
        return List.copyOf(again);
    }

    /** Where a key stands, or the first of those that begin with it; nowhere where the environment alone says it. */
    public Place place(String key) {
        return Optional.ofNullable(entries.get(key))
                .or(() -> entries.values().stream()
                        .filter(entry -> entry.key().startsWith(key + "."))
                        .findFirst())
                .map(Entry::place)
                .orElse(Place.NONE);
    }
}
