package io.crmbridge.crm;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a CRM promises about one feed.
 *
 * @param name of the resource, as routes write it; of one of several feeds of a resource: {@code sends/<key>}
 * @param path of its list, without the base URL; with something in braces it is a template, and {@link #of} makes a feed
 * @param cursorField the field that stamps a version and orders the list; empty where rows have no version
 * @param cap rows in a full page; there is no next one. 0: no cap is stated
 * @param rowsLeave rows may leave the list while their record is there
 * @param recovery another list of the same records, in another shape, that shows more of them than a full page
 */
public record FeedContract(
        String name,
        String path,
        String idField,
        String cursorField,
        String createdField,
        int cap,
        Style style,
        boolean rowsLeave,
        Optional<FeedContract> recovery) {

    /** How a list is asked for, and what it then shows. */
    public enum Style {
        /** The newest rows, those after {@code since}, at most {@code cap}. */
        NEWEST,
        /** The same, but it knows no {@code since}. */
        NEWEST_ALWAYS,
        /** All rows, those after {@code since}, in any order. */
        ALL_SINCE,
        /** All rows, always. */
        ALL,
        /** Oldest first by the time of the last change, from {@code since} on to the end, page by page. */
        KEYSET,
        /** What was last changed between two times, in any order, page by page: believed when two readings agree. */
        WINDOW,
        /** The newest rows of each former member of a sequence, at most {@code cap} a member; the key is the sequence's. */
        FORMER_MEMBERS
    }

    /** The newest rows, at most {@code cap}. */
    public FeedContract(String name, String path, String idField, String cursorField, String createdField, int cap) {
        this(name, path, idField, cursorField, createdField, cap, Style.NEWEST, false, Optional.empty());
    }

    /** Whether it stands for several feeds, one for each key. */
    public boolean isTemplate() {
        return path.indexOf('{') >= 0;
    }

    /** Whether rows come with a version of their own. */
    public boolean hasVersions() {
        return !cursorField.isEmpty();
    }

    /** Whether a record that is not listed is gone. */
    public boolean listsAll() {
        return style == Style.ALL || style == Style.ALL_SINCE;
    }

    /** The feed of one key of a template. */
    public FeedContract of(String key) {
        String encoded = URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20");
        String whole = path.substring(0, path.indexOf('{')) + encoded + path.substring(path.indexOf('}') + 1);
        return new FeedContract(
                name + "/" + key, whole, idField, cursorField, createdField, cap, style, rowsLeave, recovery);
    }
}
