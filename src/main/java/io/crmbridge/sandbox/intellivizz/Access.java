package io.crmbridge.sandbox.intellivizz;

import java.util.Set;

/**
 * What a key or an access token may do.
 *
 * @param locationId null: the agency's, which reads every location
 * @param scopes null: all of them
 */
record Access(String locationId, Set<String> scopes) {
    boolean isAgency() {
        return locationId == null;
    }

    boolean allows(String scope) {
        return scopes == null || scopes.contains(scope);
    }
}
