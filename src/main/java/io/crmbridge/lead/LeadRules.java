package io.crmbridge.lead;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a bundle says of one kind of leads.
 *
 * @param region country of phone numbers without a country's code, where the lead does not say its own
 * @param source where they come from, unless a lead says so
 * @param consentRequired nobody is enrolled who has not agreed; who has said no never is, but by a rule that looks
 *     at consent
 * @param fields further names of fields
 * @param sequences the first rule that fits says which sequence a lead goes to
 */
public record LeadRules(
        Optional<String> region,
        String source,
        boolean consentRequired,
        Map<String, List<String>> fields,
        List<Rule> sequences) {
    public static final LeadRules NONE = new LeadRules(Optional.empty(), "", false, Map.of(), List.of());

    public LeadRules {
        fields = Map.copyOf(fields);
        sequences = List.copyOf(sequences);
    }

    /**
     * @param when a lead's field to the values that fit, in lower case; all of the fields must fit
     * @param sequence its id or name; empty: whoever fits goes to none
     */
    public record Rule(Map<String, Set<String>> when, String sequence) {
        private boolean isOfConsent() {
            return when.containsKey("consent");
        }

        private boolean fits(Lead lead) {
            Map<String, Object> fields = lead.toMap();
            return when.entrySet().stream().allMatch(condition -> fits(condition.getValue(), value(fields, condition)));
        }

        private static Object value(Map<String, Object> fields, Map.Entry<String, Set<String>> condition) {
            return fields.containsKey(condition.getKey())
                    ? fields.get(condition.getKey())
                    : ((Map<?, ?>) fields.getOrDefault("custom", Map.of()))
                            .entrySet().stream()
                                    .filter(field ->
                                            condition.getKey().equalsIgnoreCase(String.valueOf(field.getKey())))
                                    .map(field -> (Object) field.getValue())
                                    .findFirst()
                                    .orElse(null);
        }

        private static boolean fits(Set<String> wanted, Object value) {
            return value instanceof List<?> several
                    ? several.stream().anyMatch(one -> fits(wanted, one))
                    : wanted.contains(String.valueOf(value == null ? "" : value).toLowerCase(Locale.ROOT));
        }
    }

    /**
     * Where a lead goes.
     *
     * @param sequence its id or name; empty: to none
     * @param reason why to none
     */
    public record Way(String sequence, String reason) {}

    public Way way(Lead lead) {
        boolean saidNo = lead.consent().equals(Optional.of(false));
        if (consentRequired && !lead.consent().orElse(false)
                || saidNo && sequences.stream().noneMatch(rule -> rule.isOfConsent() && rule.fits(lead))) {
            return new Way("", "no_consent");
        }
        return sequences.stream()
                .filter(rule -> rule.fits(lead) && (!saidNo || rule.isOfConsent()))
                .findFirst()
                .map(rule -> new Way(rule.sequence(), rule.sequence().isEmpty() ? "by_rule" : ""))
                .orElse(new Way("", "no_rule"));
    }
}
