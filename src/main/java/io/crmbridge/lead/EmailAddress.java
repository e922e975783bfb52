package io.crmbridge.lead;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** E-mail addresses as leads are known by them. */
public final class EmailAddress {
    private static final int LONGEST = 254;
    private static final Pattern ONE = Pattern.compile(
            "[^\\s@<>()\\[\\],;:\"\\\\]{1,64}@[^\\s@<>()\\[\\],;:\"\\\\.]+" + "(\\.[^\\s@<>()\\[\\],;:\"\\\\.]+)+");

    private EmailAddress() {}

    /**
     * One address without blanks around it, without {@code mailto:} and in lower case, for no mail server of today tells two
     * by their case; empty for anything else.
     */
    public static Optional<String> normal(String text) {
        String address = text.strip().replaceFirst("(?i)^mailto:", "").toLowerCase(Locale.ROOT);
        return address.length() <= LONGEST && ONE.matcher(address).matches() ? Optional.of(address) : Optional.empty();
    }
}
