package io.crmbridge.crm.intellivizz;

/**
 * How a resource's changes are found.
 *
 * @param list name of the operation that lists it
 * @param id name of the row's field that identifies it
 * @param updated name of the field with the time of the last change; empty where rows have no version
 * @param created name of the field with the time of creation; empty where rows have none
 */
public record FeedEntry(String list, String id, String updated, String created, Reading reading) {

    public enum Reading {
        /** Ascending by the time of the last change, from {@code {since}} on. */
        KEYSET,
        /** Between {@code {since}} and {@code {until}}, until two readings agree. */
        WINDOW,
        /** The whole list each time. */
        ALL
    }
}
