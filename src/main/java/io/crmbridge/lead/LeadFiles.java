package io.crmbridge.lead;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** The YAML files of a bundle's leads folder, each read once. Thread-safe. */
public final class LeadFiles {
    private static final String ENDING = ".yaml";
    private static final Set<String> KEYS = new TreeSet<>(Set.of("region", "source", "consent", "fields", "sequences"));

    private final Path folder;
    private final Map<String, LeadRules> read = new ConcurrentHashMap<>();

    public LeadFiles(Path folder) {
        this.folder = folder;
    }

    /** Names of the files there are, without their ending. */
    public List<String> names() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ENDING))
                    .map(name -> name.substring(0, name.length() - ENDING.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new IllegalArgumentException("the files in leads/ cannot be listed", e);
        }
    }

    /** @throws IllegalArgumentException when the file is not there, or says what cannot be; says where and what */
    public LeadRules get(String name) {
        return read.computeIfAbsent(name, this::read);
    }

    private LeadRules read(String name) {
        String file = "leads/" + name + ENDING;
        try {
            Object yaml = new Load(LoadSettings.builder().setLabel(file).build())
                    .loadFromString(Files.readString(folder.resolve(name + ENDING)));
            return yaml == null ? LeadRules.NONE : rules(map(yaml, "the file"));
        } catch (MarkedYamlEngineException e) {
            String line = e.getProblemMark()
                    .map(mark -> ", line " + (mark.getLine() + 1))
                    .orElse("");
            throw new IllegalArgumentException(file + line + ": " + e.getProblem(), e);
        } catch (YamlEngineException | IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read", e);
        }
    }

    private static LeadRules rules(Map<String, Object> file) {
        require("key", file.keySet(), KEYS);
        Optional<String> region = Optional.ofNullable(file.get("region")).map(text -> region(String.valueOf(text)));
        String consent = String.valueOf(file.getOrDefault("consent", "optional"));
        require("consent", Set.of(consent), Set.of("optional", "required"));
        Map<String, List<String>> fields = new LinkedHashMap<>();
        map(file.getOrDefault("fields", Map.of()), "fields").forEach((field, names) -> fields.put(field, texts(names)));
        require("field", fields.keySet(), LeadReader.fields());
        return new LeadRules(
                region,
                String.valueOf(file.getOrDefault("source", "")).strip(),
                consent.equals("required"),
                fields,
                sequences(file.getOrDefault("sequences", List.of())));
    }

    private static String region(String text) {
        return Countries.code(text)
                .filter(Phones.regions()::contains)
                .orElseThrow(() ->
                        new IllegalArgumentException("region: %s is no country: write for example US".formatted(text)));
    }

    private static List<LeadRules.Rule> sequences(Object given) {
        if (!(given instanceof Collection<?> rules)) {
            throw new IllegalArgumentException("sequences is a list of rules, each with sequence and mostly with when");
        }
        List<LeadRules.Rule> read = new ArrayList<>();
        for (Object each : rules) {
            Map<String, Object> rule = map(each, "a rule of sequences");
            require("key of a rule", rule.keySet(), Set.of("when", "sequence"));
            if (rule.get("sequence") == null) {
                throw new IllegalArgumentException("a rule has no sequence: write its name or id, or none");
            }
            String sequence = String.valueOf(rule.get("sequence")).strip();
            Map<String, Set<String>> when = new LinkedHashMap<>();
            map(rule.getOrDefault("when", Map.of()), "when").forEach((name, values) -> {
                String field = LeadReader.canonical(name);
                when.put(field, values(field, values));
            });
            if (!read.isEmpty() && read.get(read.size() - 1).when().isEmpty()) {
                throw new IllegalArgumentException("no lead comes to the rules behind one without when");
            }
            read.add(new LeadRules.Rule(when, sequence.equals("none") ? "" : sequence));
        }
        return read;
    }

    private static Set<String> values(String field, Object given) {
        return texts(given).stream()
                .map(text -> LeadReader.canonical(field, text).toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static List<String> texts(Object given) {
        return given instanceof Collection<?> several
                ? several.stream().map(String::valueOf).toList()
                : List.of(String.valueOf(given));
    }

    private static Map<String, Object> map(Object given, String what) {
        if (!(given instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException(what + " is no map of names and values");
        }
        Map<String, Object> texts = new LinkedHashMap<>();
        map.forEach((name, value) -> texts.put(String.valueOf(name), value));
        return texts;
    }

    private static void require(String what, Set<String> given, Set<String> known) {
        for (String word : given) {
            if (!known.contains(word)) {
                throw new IllegalArgumentException(
                        "no %s \"%s\"; there are %s".formatted(what, word, String.join(", ", new TreeSet<>(known))));
            }
        }
    }
}
