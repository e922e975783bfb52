package io.crmbridge.bundle.pack;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version as of Semantic Versioning 2.0.0.
 *
 * @param suffix pre-release and build, with what separates them; empty in most
 */
public record SemanticVersion(long major, long minor, long patch, String suffix) {
    private static final String NUMBER = "(0|[1-9]\\d{0,17})";
    private static final String WORD = "(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)";
    private static final Pattern FORM =
            Pattern.compile("%s\\.%s\\.%s((?:-%s(?:\\.%s)*)?(?:\\+[0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*)?)"
                    .formatted(NUMBER, NUMBER, NUMBER, WORD, WORD));
    private static final int LONGEST = 100;

    private static final Comparator<SemanticVersion> BY_NUMBERS = Comparator.comparingLong(SemanticVersion::major)
            .thenComparingLong(SemanticVersion::minor)
            .thenComparingLong(SemanticVersion::patch);

    /** Empty when the text is none. */
    public static Optional<SemanticVersion> of(String text) {
        Matcher form = FORM.matcher(text);
        return text.length() <= LONGEST && form.matches()
                ? Optional.of(new SemanticVersion(
                        Long.parseLong(form.group(1)),
                        Long.parseLong(form.group(2)),
                        Long.parseLong(form.group(3)),
                        form.group(4)))
                : Optional.empty();
    }

    /** By the three numbers alone: a pre-release of 1.2.0 has what 1.2.0 has. */
    boolean isOlderThan(SemanticVersion other) {
        return BY_NUMBERS.compare(this, other) < 0;
    }

    /** The first version that has what this one has, for patches add nothing. */
    SemanticVersion withoutPatch() {
        return new SemanticVersion(major, minor, 0, "");
    }

    @Override
    public String toString() {
        return "%d.%d.%d%s".formatted(major, minor, patch, suffix);
    }
}
