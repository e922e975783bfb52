package io.crmbridge.crm;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * One row of a page as it came.
 *
 * @param id empty where the row has none: it is quarantined
 * @param stamp its cursor field, empty where it is missing or unreadable: it is quarantined
 * @param version the cursor field as the CRM writes it
 * @param raw the row's own bytes, JSON in UTF-8
 */
public record Row(
        Optional<String> id, Optional<Instant> stamp, String version, String createdField, JsonNode node, byte[] raw) {

    /** When the record was made; empty where that is missing or unreadable. Read when asked, because it seldom is. */
    public Optional<Instant> createdAt() {
        return JsonPage.instant(node.path(createdField));
    }

    /** The same of a feed without versions: what is seen then is its version. */
    public Row seenAt(Instant observation) {
        return new Row(id, Optional.of(observation), observation.toString(), createdField, node, raw);
    }

    /** The same for the same version of a record; of a broken row, for the same bytes. */
    public String mark() {
        return isWhole() ? id.get() + " " + version : Integer.toHexString(Arrays.hashCode(raw));
    }

    public boolean isWhole() {
        return id.isPresent() && stamp.isPresent();
    }
}
