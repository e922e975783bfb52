package io.crmbridge.lead;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes a lead of whatever a form, a file, a mail or another system calls its fields. Thread-safe. */
public final class LeadReader {
    private static final String NAME = "name";

    /** Names as people write them, without case, blanks and punctuation. */
    private static final Map<String, Set<String>> USUAL = Map.ofEntries(
            Map.entry("email", Set.of("email", "emailaddress", "mail", "workemail", "contactemail")),
            Map.entry("firstName", Set.of("firstname", "first", "givenname", "fname", "vorname", "prenom")),
            Map.entry("lastName", Set.of("lastname", "last", "surname", "familyname", "lname", "nachname", "nom")),
            Map.entry(NAME, Set.of("name", "fullname", "yourname", "contactname")),
            Map.entry(
                    "phone",
                    Set.of("phone", "phonenumber", "tel", "telephone", "mobile", "mobilephone", "cell", "telefon")),
            Map.entry("title", Set.of("title", "jobtitle", "position", "role")),
            Map.entry("company", Set.of("company", "companyname", "organization", "organisation", "firma")),
            Map.entry("source", Set.of("source", "leadsource", "utmsource")),
            Map.entry("country", Set.of("country", "countrycode", "land", "pays")),
            Map.entry("consent", Set.of("consent", "optin", "marketingconsent", "gdprconsent")),
            Map.entry("tags", Set.of("tags", "tag", "labels")));

    private static final Set<String> YES = Set.of("true", "yes", "y", "on", "1", "ja", "oui", "si", "sí");

    private final LeadRules rules;
    private final Map<String, String> fields = new HashMap<>();

    public LeadReader(LeadRules rules) {
        this.rules = rules;
        USUAL.forEach((field, names) -> names.forEach(name -> fields.put(name, field)));
        rules.fields().forEach((field, names) -> names.forEach(name -> fields.put(plain(name), field)));
    }

    /** The lead's own name of a field, where a rule may call it otherwise. */
    static String canonical(String name) {
        return USUAL.entrySet().stream()
                .filter(field -> field.getValue().contains(plain(name))
                        && !field.getKey().equals(NAME))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(name);
    }

    /** A value as leads have it. */
    static String canonical(String field, String value) {
        return switch (field) {
            case "country" -> Countries.code(value).orElse(value);
            case "consent" -> consent(value).map(String::valueOf).orElse("");
            case "email" -> EmailAddress.normal(value).orElse(value);
            default -> value.strip();
        };
    }

    /** What the lead's file may call a field. */
    static Set<String> fields() {
        return USUAL.keySet();
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
    }

    /** @throws IllegalArgumentException when there is no e-mail address that could be one; names fields and no values */
    public Lead read(Map<?, ?> entry) {
        Map<String, Object> found = new HashMap<>();
        Map<String, Object> custom = new LinkedHashMap<>();
        entry.forEach((name, value) -> {
            String field = fields.get(plain(String.valueOf(name)));
            if (value == null || value instanceof String text && text.isBlank()) {
                return;
            }
            if (name.equals("custom") && value instanceof Map<?, ?> nested) {
                nested.forEach((key, inner) -> custom.put(String.valueOf(key), inner));
            } else if (field == null || !isFor(field, value) || found.putIfAbsent(field, value) != null) {
                custom.put(String.valueOf(name), value);
            }
        });
        String email = EmailAddress.normal(text(found, "email"))
                .orElseThrow(() -> new IllegalArgumentException(
                        found.containsKey("email")
                                ? "what the lead has for an e-mail address is none"
                                : "the lead has no field with an e-mail address"));
        String country = text(found, "country");
        Optional<String> code = Countries.code(country);
        PersonName name = name(found);
        return new Lead(
                email,
                name.first(),
                name.last(),
                phone(text(found, "phone"), code),
                text(found, "title"),
                text(found, "company"),
                found.containsKey("source") ? text(found, "source") : rules.source(),
                code.orElse(country),
                consent(found.get("consent")),
                tags(found.get("tags")),
                custom);
    }

    /** A list or an object is no text, and goes with what is not known. */
    private static boolean isFor(String field, Object value) {
        return field.equals("tags") || !(value instanceof Map || value instanceof Collection);
    }

    private static String text(Map<String, Object> found, String field) {
        return String.valueOf(found.getOrDefault(field, "")).strip();
    }

    private String phone(String text, Optional<String> country) {
        return text.isEmpty() ? text : Phones.normal(text, country.or(rules::region));
    }

    private static PersonName name(Map<String, Object> found) {
        String first = text(found, "firstName");
        String last = text(found, "lastName");
        if (!first.isEmpty() && !last.isEmpty() || text(found, NAME).isEmpty()) {
            return new PersonName(first, last);
        }
        PersonName full = PersonName.split(text(found, NAME));
        return new PersonName(first.isEmpty() ? full.first() : first, last.isEmpty() ? full.last() : last);
    }

    private static Optional<Boolean> consent(Object value) {
        // Whatever was said that is no yes is a no.
        return value == null
                ? Optional.empty()
                : Optional.of(YES.contains(String.valueOf(value).strip().toLowerCase(Locale.ROOT)));
    }

    private static List<String> tags(Object value) {
        List<String> tags = new ArrayList<>();
        Collection<?> given = value instanceof Collection<?> list
                ? list
                : value == null ? List.of() : List.of(String.valueOf(value).split(","));
        given.forEach(tag -> {
            String text = String.valueOf(tag).strip();
            if (!text.isEmpty() && !tags.contains(text)) {
                tags.add(text);
            }
        });
        return tags;
    }
}
