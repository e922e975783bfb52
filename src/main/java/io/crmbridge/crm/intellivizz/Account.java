package io.crmbridge.crm.intellivizz;

import java.util.Optional;

/**
 * Whom a connection's key is of: one location, or the agency that has several.
 *
 * @param location id of the location; empty for the key of an agency
 * @param agency id of the agency, which HighLevel calls company
 */
public record Account(Optional<String> location, Optional<String> agency) {
    /** Nobody has consented yet. */
    public static final Account UNKNOWN = new Account(Optional.empty(), Optional.empty());

    public static Account ofLocation(String id) {
        return new Account(Optional.of(id), Optional.empty());
    }

    public static Account ofAgency(String id) {
        return new Account(Optional.empty(), Optional.of(id));
    }

    public boolean isAgency() {
        return location.isEmpty() && agency.isPresent();
    }
}
