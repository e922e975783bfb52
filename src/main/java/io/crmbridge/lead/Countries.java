package io.crmbridge.lead;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Countries by the two letters of ISO 3166. */
final class Countries {
    private static final Map<String, String> CODES = codes();

    private Countries() {}

    private static Map<String, String> codes() {
        Map<String, String> codes = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String code : Locale.getISOCountries()) {
            Locale country = new Locale.Builder().setRegion(code).build();
            codes.put(code, code);
            codes.put(country.getISO3Country(), code);
            codes.put(country.getDisplayCountry(Locale.ENGLISH), code);
            codes.put(
                    country.getDisplayCountry(
                            new Locale.Builder().setLanguageTag("und-" + code).build()),
                    code);
        }
        // As people write them all the same.
        codes.putAll(
                Map.of("UK", "GB", "USA", "US", "U.S.", "US", "England", "GB", "Deutschland", "DE", "España", "ES"));
        codes.putAll(Map.of("Österreich", "AT", "Schweiz", "CH", "Suisse", "CH", "Italia", "IT", "Nederland", "NL"));
        return codes;
    }

    /** Of a code of two or three letters, or a name; empty for what is none of them. */
    static Optional<String> code(String text) {
        return Optional.ofNullable(CODES.get(text.strip()));
    }
}
