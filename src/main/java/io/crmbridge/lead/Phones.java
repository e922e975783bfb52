package io.crmbridge.lead;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.util.Optional;
import java.util.Set;

/** Phone numbers as E.164 has them, such as +14155552671. */
final class Phones {
    private static final PhoneNumberUtil PHONES = PhoneNumberUtil.getInstance();

    private Phones() {}

    /** Countries by the codes of ISO 3166 that have numbers. */
    static Set<String> regions() {
        return PHONES.getSupportedRegions();
    }

    /**
     * A number that exists in E.164; any other text as it was written, for somebody may still make something of it.
     *
     * @param region of a number without its country's code; empty: such a one stays as it was written
     */
    static String normal(String text, Optional<String> region) {
        try {
            PhoneNumber number = PHONES.parse(text, region.orElse(null));
            return PHONES.isValidNumber(number) ? PHONES.format(number, PhoneNumberFormat.E164) : text;
        } catch (NumberParseException e) {
            return text;
        }
    }
}
