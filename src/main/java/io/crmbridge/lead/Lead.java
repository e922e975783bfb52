package io.crmbridge.lead;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Somebody who may become a customer, in the one shape that all leads have, wherever they come from. What is not known is
 * empty.
 *
 * @param email in lower case; every lead has one
 * @param phone by E.164, such as +14155552671, where it is a number that exists; else as it was written
 * @param country by the two letters of ISO 3166, where it is known; else as it was written
 * @param consent whether they agreed; empty where nothing was said
 * @param custom all else that came with it, under the names it had
 */
public record Lead(
        String email,
        String firstName,
        String lastName,
        String phone,
        String title,
        String company,
        String source,
        String country,
        Optional<Boolean> consent,
        List<String> tags,
        Map<String, Object> custom) {

    public Lead {
        tags = List.copyOf(tags);
    }

    /** Without what is empty. */
    public Map<String, Object> toMap() {
        Map<String, Object> fields = new LinkedHashMap<>();
        put(fields, "email", email);
        put(fields, "firstName", firstName);
        put(fields, "lastName", lastName);
        put(fields, "phone", phone);
        put(fields, "title", title);
        put(fields, "company", company);
        put(fields, "source", source);
        put(fields, "country", country);
        consent.ifPresent(agreed -> fields.put("consent", agreed));
        if (!tags.isEmpty()) {
            fields.put("tags", tags);
        }
        if (!custom.isEmpty()) {
            fields.put("custom", custom);
        }
        return fields;
    }

    private static void put(Map<String, Object> fields, String name, String value) {
        if (!value.isEmpty()) {
            fields.put(name, value);
        }
    }
}
