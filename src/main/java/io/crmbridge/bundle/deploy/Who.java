package io.crmbridge.bundle.deploy;

import java.util.regex.Pattern;

/** The name of whoever deploys, which the history keeps. */
public final class Who {
    /** What a name must be, for a person. */
    public static final String RULE = "who is 1 to 100 characters, all of which can be seen";

    private static final Pattern NAME = Pattern.compile("[^\\p{Cc}\\p{Cf}]{1,100}");

    private Who() {}

    public static boolean isName(String text) {
        return !text.isBlank() && NAME.matcher(text).matches();
    }
}
