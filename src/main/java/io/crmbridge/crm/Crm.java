package io.crmbridge.crm;

import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/**
 * One connection's CRM. Thread-safe. Every method that calls the CRM throws {@link CrmException} when the answer is
 * not what was asked for; none retries by itself.
 */
public interface Crm extends AutoCloseable {
    Connection connection();

    /** Tests the key and tells which workspace it answers for. */
    Workspace identify();

    Collection<FeedContract> feeds();

    /** A feed's newest rows, those after {@code since} where it is given. */
    Page page(FeedContract feed, Optional<Instant> since);

    /** Carries an operation out; the answer is any JSON object or array, or nothing. */
    Reply call(Call call);

    Collection<Operation> operations();

    /** What must be known of writes that are not to be done twice. */
    WriteRules writeRules();

    @Override
    void close();
}
