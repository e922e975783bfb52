package io.crmbridge.crm.intellivizz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.crm.Operation;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Makes templates of an example's values: what is recognized becomes a placeholder, and what is an example only goes. */
final class SampleBody {
    private static final Pattern VARIABLE = Pattern.compile("\\{\\{\\s*([^{}]+?)\\s*}}");
    private static final Pattern MILLIS = Pattern.compile("\\d{13}");
    /** How it is asked for, and not what for. */
    private static final Pattern STRUCTURE =
            Pattern.compile("sort\\w*|order\\w*|direction|field|operator|alttype|include\\w*|expand");

    private static final Set<String> ACCOUNTS = Set.of("locationId", "agencyId");

    private final CatalogueEntry standard;
    private final Collection<String> operands;
    private final boolean reads;
    private final Set<String> usual = new HashSet<>();
    private final Set<String> millis = new HashSet<>();
    private final Set<String> dropped = new LinkedHashSet<>();

    /** @param operands what the operation needs and the path has no place for */
    SampleBody(CatalogueEntry standard, Collection<String> operands) {
        this.standard = standard;
        this.operands = operands;
        this.reads = standard.operation().kind() == Operation.Kind.READ;
        standard.query().forEach(this::learn);
        standard.body().ifPresent(this::learn);
    }

    private void learn(JsonNode template) {
        template.properties().forEach(member -> {
            if (member.getValue().isValueNode()) {
                learn(member.getKey(), member.getValue().asText());
            }
            learn(member.getValue());
        });
        if (template.isArray()) {
            template.forEach(this::learn);
        }
    }

    private void learn(String name, String template) {
        if (Template.placeholders(template).isEmpty()) {
            usual.add(name);
        }
        if (template.endsWith(":millis}")) {
            millis.add(name);
        }
    }

    /** Names of what was left out, because it is an example's value. */
    Set<String> dropped() {
        return dropped;
    }

    /** Where it tells whose data is meant. */
    static Optional<String> account(String name, String value) {
        Matcher variable = VARIABLE.matcher(value);
        return Stream.of(name, variable.matches() ? variable.group(1) : "")
                .flatMap(word -> Words.value(word).stream())
                .filter(ACCOUNTS::contains)
                .findFirst()
                .map(placeholder -> "{" + placeholder + "}");
    }

    /** Empty where it is an example only. */
    Optional<String> text(String name, String value) {
        Matcher variable = VARIABLE.matcher(value);
        Optional<String> byVariable = variable.matches() ? Optional.of(variable.group(1)) : Optional.empty();
        Optional<String> operand = operands.stream()
                .filter(need -> RequestMatch.named(need, name)
                        || byVariable.filter(is -> RequestMatch.named(need, is)).isPresent())
                .findFirst();
        if (operand.isPresent()) {
            return operand.map(need -> "{" + need + "}");
        }
        Optional<String> known = Stream.concat(Stream.of(name), byVariable.stream())
                .flatMap(word -> Words.value(word).stream())
                .filter(placeholder -> reads || ACCOUNTS.contains(placeholder))
                .findFirst();
        if (known.isPresent()) {
            return known.map(placeholder -> "{%s%s}".formatted(placeholder, form(placeholder, name, value)));
        }
        boolean kept = variable.reset().find()
                ? false
                : !value.isBlank()
                        && (usual.contains(name)
                                || reads && STRUCTURE.matcher(Words.plain(name)).matches());
        if (!kept || value.contains("{")) {
            dropped.add(name);
            return Optional.empty();
        }
        return Optional.of(value);
    }

    private String form(String placeholder, String name, String value) {
        return Set.of("since", "until").contains(placeholder)
                        && (MILLIS.matcher(value).matches() || millis.contains(name))
                ? ":millis"
                : "";
    }

    /** Empty where nothing is left. */
    Optional<JsonNode> body(JsonNode sample) {
        return node("", sample).filter(made -> !made.isEmpty());
    }

    private Optional<JsonNode> node(String name, JsonNode sample) {
        if (sample instanceof ObjectNode object) {
            ObjectNode made = JsonNodeFactory.instance.objectNode();
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                if (standard.fields()
                        && member.getValue().isContainerNode()
                        && known(member.getKey()).isEmpty()) {
                    dropped.add(member.getKey());
                } else {
                    node(member.getKey(), member.getValue()).ifPresent(value -> made.set(member.getKey(), value));
                }
            }
            return made.isEmpty() ? Optional.empty() : Optional.of(made);
        }
        if (sample instanceof ArrayNode array) {
            if (known(name).isPresent()) {
                return text(name, "").map(JsonNodeFactory.instance::textNode);
            }
            ArrayNode made = JsonNodeFactory.instance.arrayNode();
            for (JsonNode element : array) {
                Set<String> before = new LinkedHashSet<>(dropped);
                dropped.clear();
                Optional<JsonNode> value = node(name, element);
                // A condition without one of its parts is another condition.
                if (dropped.isEmpty()) {
                    value.ifPresent(made::add);
                }
                before.addAll(dropped);
                dropped.addAll(before);
            }
            return made.isEmpty() ? Optional.empty() : Optional.of(made);
        }
        Optional<String> text = text(name, sample.asText());
        return text.map(made -> made.equals(sample.asText()) ? sample : JsonNodeFactory.instance.textNode(made));
    }

    private Optional<String> known(String name) {
        return Words.value(name).filter(placeholder -> reads || ACCOUNTS.contains(placeholder));
    }

    static List<String> placeholders(Stream<String> texts) {
        return texts.flatMap(text -> Template.placeholders(text).stream())
                .map(Template.Placeholder::name)
                .distinct()
                .toList();
    }
}
