package io.crmbridge.crm;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * One connection's CRM. Thread-safe. Every method makes one HTTP call and throws {@link CrmException} when the answer is
 * not what was asked for; none retries by itself.
 */
public interface Crm extends AutoCloseable {
    Connection connection();

    /** Tests the key and tells which workspace it answers for. */
    Workspace identify();

    Collection<FeedContract> feeds();

    /** A feed's newest rows, those after {@code since} where it is given. */
    Page page(FeedContract feed, Optional<Instant> since);

    /** An operation's list, as the CRM answers it. */
    JsonNode list(String resource, Map<String, String> query);

    @Override
    void close();
}
