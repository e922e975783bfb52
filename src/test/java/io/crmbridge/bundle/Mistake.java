package io.crmbridge.bundle;

import io.crmbridge.bundle.place.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A mistake in an otherwise correct bundle.
 *
 * @param files of the bundle with the mistake
 * @param finds all that is told of it
 * @param hides what no message may hold
 */
record Mistake(String name, Map<String, String> files, List<Expected> finds, List<String> hides) {
    private static final Path FOLDER = Path.of("src/test/resources/io/crmbridge/bundle/mistakes");
    private static final String CARET = "\u2038";

    record Expected(String code, boolean warning, String file, Place place, List<String> says) {}

    /** The files of the correct bundle. */
    static Map<String, String> base() {
        Map<String, String> files = new LinkedHashMap<>();
        try (Stream<Path> all = Files.walk(FOLDER.resolve("base"))) {
            for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
                files.put(FOLDER.resolve("base").relativize(file).toString(), Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    static List<Mistake> all() {
        List<Mistake> mistakes = new ArrayList<>();
        try (Stream<Path> all = Files.list(FOLDER)) {
            for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
                Object cases = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
                for (Object each : (List<?>) cases) {
                    mistakes.add(of((Map<?, ?>) each));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return mistakes;
    }

    private static Mistake of(Map<?, ?> given) {
        String name = given.get("name").toString();
        Map<String, String> files = base();
        for (String key : List.of("edit", "replace")) {
            map(given.get(key)).forEach((file, change) -> {
                List<?> texts = (List<?>) change;
                files.put(
                        file,
                        replaced(
                                name,
                                files.get(file),
                                texts.get(0).toString(),
                                texts.get(1).toString()));
            });
        }
        map(given.get("files")).forEach((file, text) -> files.put(file, text.toString()));
        List<Expected> finds = new ArrayList<>();
        for (Object each : (List<?>) given.get("finds")) {
            finds.add(expected(name, map(each), files));
        }
        return new Mistake(name, files, finds, texts(given.get("hides")));
    }

    private static Expected expected(String name, Map<String, Object> given, Map<String, String> files) {
        String file = given.get("in").toString();
        Place place = Place.NONE;
        if (given.containsKey("at")) {
            String at = given.get("at").toString();
            int caret = Math.max(at.indexOf(CARET), 0);
            String text = at.replace(CARET, "");
            place = Place.in(files.get(file), only(name, files.get(file), text) + caret);
        }
        return new Expected(
                given.get("code").toString(),
                Boolean.TRUE.equals(given.get("warning")),
                file,
                place,
                texts(given.get("says")));
    }

    private static String replaced(String name, String text, String from, String to) {
        int at = only(name, text, from);
        return text.substring(0, at) + to + text.substring(at + from.length());
    }

    /** Where a text stands that is there once. */
    private static int only(String name, String text, String part) {
        int at = text.indexOf(part);
        if (at < 0) {
            throw new IllegalArgumentException("%s: there is no \"%s\" in the file".formatted(name, part));
        }
        return at;
    }

    private static Map<String, Object> map(Object given) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (given != null) {
            ((Map<?, ?>) given).forEach((key, value) -> map.put(key.toString(), value));
        }
        return map;
    }

    private static List<String> texts(Object given) {
        return given == null
                ? List.of()
                : ((List<?>) given).stream().map(Object::toString).toList();
    }

    /** The bundle with the mistake, in an empty folder. */
    Bundle in(Path folder) {
        write(files, folder);
        return Bundle.at(folder, Map.of());
    }

    static void write(Map<String, String> files, Path folder) {
        files.forEach((file, text) -> {
            try {
                Files.createDirectories(folder.resolve(file).getParent());
                Files.writeString(folder.resolve(file), text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Override
    public String toString() {
        return name;
    }
}
