package io.crmbridge.lead;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A person's two names; one that is not known is empty. */
record PersonName(String first, String last) {
    /** The CRM takes no contact without a last name. */
    private static final String NOT_KNOWN = "-";

    static final PersonName UNKNOWN = new PersonName(NOT_KNOWN, NOT_KNOWN);

    private static final Set<String> PARTICLES = Set.of(
            "van", "von", "de", "der", "den", "des", "da", "das", "do", "dos", "di", "del", "della", "du", "la", "le",
            "ter", "ten", "zu", "zum", "zur", "bin", "ibn", "al", "el");
    private static final Set<String> SUFFIXES = Set.of("jr", "sr", "ii", "iii", "iv", "phd", "md");

    /** "Ann Lee", "Lee, Ann", "Ludwig van Beethoven", "Ann B. Lee Jr."; a single word is the first name. */
    static PersonName split(String full) {
        String text = full.strip().replaceAll("\\s+", " ");
        int comma = text.indexOf(',');
        if (comma > 0 && comma < text.length() - 1 && !isSuffix(text.substring(comma + 1))) {
            return new PersonName(
                    text.substring(comma + 1).strip(), text.substring(0, comma).strip());
        }
        List<String> words = Arrays.asList(text.split(" "));
        int last = words.size() - 1;
        while (last > 1 && isSuffix(words.get(last))) {
            last--;
        }
        while (last > 1 && PARTICLES.contains(words.get(last - 1).toLowerCase(Locale.ROOT))) {
            last--;
        }
        return last < 1
                ? new PersonName(text, "")
                : new PersonName(
                        String.join(" ", words.subList(0, last)), String.join(" ", words.subList(last, words.size())));
    }

    private static boolean isSuffix(String word) {
        return SUFFIXES.contains(word.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", ""));
    }

    /** What an address tells: ann.lee@example.com is Ann Lee, info@example.com is Info. */
    static PersonName ofAddress(String email) {
        String local = email.replaceFirst("@.*", "").replaceFirst("\\+.*", "");
        List<String> words = Arrays.stream(local.split("[._-]+"))
                .map(word -> word.replaceAll("\\d", ""))
                .filter(word -> !word.isEmpty())
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .toList();
        return words.isEmpty()
                ? UNKNOWN
                : new PersonName(
                        words.get(0), words.size() == 1 ? NOT_KNOWN : String.join(" ", words.subList(1, words.size())));
    }
}
