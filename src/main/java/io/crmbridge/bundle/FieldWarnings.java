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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Fields that a template names and that the feed's records do not have: as far as the mirror has seen, or, where it has seen
 * none, where a name that the CRM is assumed to use is near.
 */
public final class FieldWarnings {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int RECORDS = 500;

    private final Templates templates;
    private final Optional<Store> store;

    /** @param store empty where nothing has been seen yet */
    public FieldWarnings(Templates templates, Optional<Store> store) {
        this.templates = templates;
        this.store = store;
    }

    public List<Finding> of(List<TemplateUse> uses) {
        List<Finding> warnings = new ArrayList<>();
        for (TemplateUse use : uses) {
            // A name to whether it is a list or a map, whose sections mean what is in it.
            Map<String, Boolean> seen = seen(use);
            Map<String, Boolean> known = new HashMap<>(seen);
            ImpactiveAi.assumedFields(use.feed()).forEach(name -> known.putIfAbsent(name, false));
            for (Templates.Field field : templates.fields(use.template(), name -> isRecord(name, known))) {
                String name = field.name();
                Optional<String> near = NearestWord.of(name, known.keySet());
                if (known.containsKey(name)
                        || isRecord(name, Map.of())
                        || use.set().contains(name)
                        || name.startsWith("Camel")
                        || name.startsWith("crm")
                        || seen.isEmpty() && near.isEmpty()) {
                    continue;
                }
                Finding warning = new Finding(
                        field.file(),
                        field.line(),
                        "%s have no field \"%s\"%s%s"
                                .formatted(
                                        use.feed(),
                                        name,
                                        seen.isEmpty() ? ", as far as is known before the first poll" : " so far",
                                        NearestWord.hint(name, known.keySet())));
                if (!warnings.contains(warning)) {
                    warnings.add(warning);
                }
            }
        }
        return warnings;
    }

    private static boolean isRecord(String section, Map<String, Boolean> known) {
        return section.equals("body") || section.equals(".") || Boolean.FALSE.equals(known.get(section));
    }

    private Map<String, Boolean> seen(TemplateUse use) {
        Map<String, Boolean> fields = new HashMap<>();
        store.ifPresent(s -> {
            Set<Long> sources = new HashSet<>();
            for (Source source : s.sources().sources()) {
                if (use.connection().equals("*") || use.connection().equals(source.connection())) {
                    sources.add(source.id());
                }
            }
            for (FeedState feed : s.sources().feeds()) {
                boolean named = feed.name().equals(use.feed()) || feed.name().startsWith(use.feed() + "/");
                if (named && sources.contains(feed.sourceId())) {
                    s.log().snapshot(feed.id(), 0, RECORDS).forEach(change -> add(change, fields));
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
