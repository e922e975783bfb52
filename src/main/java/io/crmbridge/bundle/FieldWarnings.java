package io.crmbridge.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.component.NearestWord;
import io.crmbridge.component.template.Templates;
import io.crmbridge.crm.impactiveai.ImpactiveAi;
import io.crmbridge.state.Change;
import io.crmbridge.state.FeedState;
import io.crmbridge.state.Source;
import io.crmbridge.state.Store;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Fields that templates, expressions, options and mappings name and that the feed's records do not have: as far as the mirror has seen, or, where it has seen
 * none, where a name that the CRM is assumed to use is near. Not thread-safe.
 */
public final class FieldWarnings {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int RECORDS = 500;

    private final Templates templates;
    private final Optional<Store> store;
    private final Map<List<String>, Map<String, Boolean>> seen = new HashMap<>();

    /** @param store empty where nothing has been seen yet */
    public FieldWarnings(Templates templates, Optional<Store> store) {
        this.templates = templates;
        this.store = store;
    }

    public List<Finding> of(List<TemplateUse> uses) {
        Set<Finding> warnings = new LinkedHashSet<>();
        for (TemplateUse use : uses) {
            // A name to whether it is a list or a map, whose sections mean what is in it.
            Map<String, Boolean> seen = seen(use.type(), use.connection(), use.feed());
            Map<String, Boolean> known = known(seen, use.type(), use.feed());
            for (Templates.Field field : templates.fields(use.template(), name -> isRecord(name, known))) {
                String name = field.name();
                if (!isRecord(name, Map.of())
                        && !use.set().contains(name)
                        && !name.startsWith("Camel")
                        && !name.startsWith("crm")) {
                    warning(use.feed(), name, seen, known)
                            .ifPresent(message ->
                                    warnings.add(new Finding(field.file(), field.line(), field.column(), message)));
                }
            }
        }
        return List.copyOf(warnings);
    }

    /** The same for what expressions, options and mappings look for. */
    List<Finding> ofFields(List<FieldUse> uses) {
        Set<Finding> warnings = new LinkedHashSet<>();
        for (FieldUse use : uses) {
            Map<String, Boolean> seen = seen(use.type(), use.connection(), use.feed());
            Finding at = use.at();
            warning(use.feed(), use.name(), seen, known(seen, use.type(), use.feed()))
                    .ifPresent(message -> warnings.add(new Finding(at.file(), at.line(), at.column(), message)));
        }
        return List.copyOf(warnings);
    }

    private static Optional<String> warning(
            String feed, String name, Map<String, Boolean> seen, Map<String, Boolean> known) {
        if (known.containsKey(name)
                || seen.isEmpty() && NearestWord.of(name, known.keySet()).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of("%s have no field \"%s\"%s%s"
                .formatted(
                        feed,
                        name,
                        seen.isEmpty() ? ", as far as is known before the first poll" : " so far",
                        NearestWord.hint(name, known.keySet())));
    }

    private static Map<String, Boolean> known(Map<String, Boolean> seen, String type, String feed) {
        Map<String, Boolean> known = new HashMap<>(seen);
        if (type.equals(ImpactiveAi.TYPE)) {
            ImpactiveAi.assumedFields(feed).forEach(name -> known.putIfAbsent(name, false));
        }
        return known;
    }

    private static boolean isRecord(String section, Map<String, Boolean> known) {
        return section.equals("body") || section.equals(".") || Boolean.FALSE.equals(known.get(section));
    }

    private Map<String, Boolean> seen(String type, String connection, String feed) {
        return seen.computeIfAbsent(List.of(type, connection, feed), of -> read(connection, feed));
    }

    private Map<String, Boolean> read(String connection, String feed) {
        Map<String, Boolean> fields = new HashMap<>();
        store.ifPresent(s -> {
            Set<Long> sources = new HashSet<>();
            for (Source source : s.sources().sources()) {
                if (connection.equals("*") || connection.equals(source.connection())) {
                    sources.add(source.id());
                }
            }
            for (FeedState state : s.sources().feeds()) {
                boolean named = state.name().equals(feed) || state.name().startsWith(feed + "/");
                if (named && sources.contains(state.sourceId())) {
                    s.log().snapshot(state.id(), 0, RECORDS).forEach(change -> add(change, fields));
                }
            }
        });
        return fields;
    }

    private static void add(Change change, Map<String, Boolean> fields) {
        try {
            JsonNode record = JSON.readTree(change.body());
            record.properties()
                    .forEach(field ->
                            fields.merge(field.getKey(), field.getValue().isContainerNode(), Boolean::logicalOr));
        } catch (IOException e) {
            throw new IllegalStateException("a body in the log is no JSON", e);
        }
    }
}
