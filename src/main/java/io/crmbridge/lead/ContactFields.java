package io.crmbridge.lead;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The fields of a contact, made of a lead.
 *
 * @param ofKnown for one that is there: what was said, and nothing that is empty
 * @param ofNew for one that is made, with names, for the CRM requires them; made of the address where none were said
 * @param lead what a contact has no field for
 */
public record ContactFields(ObjectNode ofKnown, ObjectNode ofNew, ObjectNode lead) {
    private static final String FIRST = "firstName";
    private static final String LAST = "lastName";
    private static final Set<String> IDS = Set.of("id", "contactId");
    private static final Set<String> OF_A_LEAD =
            Set.of("company", "source", "country", "consent", "tags", "custom", "sequence", "skipped");

    public static ContactFields of(ObjectNode fields) {
        ObjectNode known = JsonNodeFactory.instance.objectNode();
        ObjectNode lead = JsonNodeFactory.instance.objectNode();
        fields.properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (IDS.contains(field.getKey())) {
                // Whoever fills in a form must not say which contact they are.
                return;
            }
            if (OF_A_LEAD.contains(field.getKey())) {
                lead.set(field.getKey(), value);
            } else if (value.isTextual() && !value.asText().isBlank()) {
                known.put(field.getKey(), value.asText().strip());
            } else if (!value.isNull() && !value.isTextual()) {
                known.set(field.getKey(), value);
            }
        });
        text(known, "email").flatMap(EmailAddress::normal).ifPresent(email -> known.put("email", email));
        Optional<String> region = Optional.of(lead.path("country").asText("")).flatMap(Countries::code);
        text(known, "phone").ifPresent(phone -> known.put("phone", Phones.normal(phone, region)));
        for (String name : List.of("name", "fullName")) {
            text(known, name).map(PersonName::split).ifPresent(split -> fill(known, split));
            known.remove(name);
        }
        ObjectNode made = known.deepCopy();
        boolean named = known.has(FIRST) || known.has(LAST);
        text(known, "email").ifPresent(email -> fill(made, named ? PersonName.UNKNOWN : PersonName.ofAddress(email)));
        return new ContactFields(known, made, lead);
    }

    private static Optional<String> text(ObjectNode fields, String name) {
        return Optional.of(fields.path(name)).filter(JsonNode::isTextual).map(JsonNode::asText);
    }

    private static void fill(ObjectNode fields, PersonName name) {
        if (!fields.has(FIRST) && !name.first().isEmpty()) {
            fields.put(FIRST, name.first());
        }
        if (!fields.has(LAST) && !name.last().isEmpty()) {
            fields.put(LAST, name.last());
        }
    }
}
