package io.crmbridge.bundle;

/**
 * A field that something looks for in the records of a feed.
 *
 * @param type of the connection, for example {@code impactiveai}
 * @param connection its name, or an asterisk
 * @param at where it stands; its message is the field's name
 */
record FieldUse(String type, String connection, String feed, Finding at) {
    String name() {
        return at.message();
    }
}
