package io.crmbridge.component;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the right word that a wrong one is nearest to. */
public final class NearestWord {
    private NearestWord() {}

    /** @throws UnknownWordException when the word is none of the right ones */
    public static void require(String option, String word, Collection<String> right) {
        if (!right.contains(word)) {
            throw new UnknownWordException("%s \"%s\" does not exist%s; there are %s"
                    .formatted(option, word, hint(word, right), String.join(", ", right)));
        }
    }

    /** {@code : did you mean "deals"?}, or nothing when none is near. */
    public static String hint(String word, Collection<String> right) {
        return of(word, right).map(near -> ": did you mean \"" + near + "\"?").orElse("");
    }

    public static Optional<String> of(String word, Collection<String> right) {
        int most = Math.max(2, word.length() / 2);
        return right.stream()
                .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
                .filter(candidate -> distance(word, candidate) <= most);
    }

    /** Levenshtein's distance, without regard to case. */
    private static int distance(String from, String to) {
        String a = from.toLowerCase(java.util.Locale.ROOT);
        String b = to.toLowerCase(java.util.Locale.ROOT);
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
