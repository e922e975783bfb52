package io.crmbridge.crm;

/**
 * What a CRM promises about one feed.
 *
 * @param name of the resource, as routes write it
 * @param path of its list, without the base URL
 * @param cursorField the field that stamps a version and orders the list
 * @param cap rows in a full page; there is no next one
 */
public record FeedContract(
        String name, String path, String idField, String cursorField, String createdField, int cap) {}
