package io.crmbridge.crm.intellivizz;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How a list comes in pages.
 *
 * @param limit the most rows of a page
 * @param next where an answer tells what comes next, as names with dots between them; empty: as the style usually has it
 */
public record Paging(Style style, int limit, Optional<String> next) {

    /** What the next page is asked with. */
    public enum Style {
        /** Stamp and id of the last row. */
        START_AFTER("startAfter", "startAfter", "startAfterId"),
        /** A list of values that the last row or the answer carries. */
        SEARCH_AFTER("searchAfter", "searchAfter"),
        /** The number of the page. */
        PAGE("page", "page"),
        /** The number of rows before it. */
        OFFSET("offset", "offset"),
        /** A text of the answer before. */
        CURSOR("cursor", "cursor");

        private final String word;
        private final List<String> placeholders;

        Style(String word, String... placeholders) {
            this.word = word;
            this.placeholders = List.of(placeholders);
        }

        /** As a catalogue writes it. */
        public String word() {
            return word;
        }

        /** Names of the values that a page is asked with; the first is always needed. */
        public List<String> placeholders() {
            return placeholders;
        }

        static Optional<Style> of(String word) {
            return Arrays.stream(values())
                    .filter(style -> style.word.equals(word))
                    .findFirst();
        }
    }
}
