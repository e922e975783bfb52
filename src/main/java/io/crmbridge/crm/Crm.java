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

    /** A feed's newest rows, those after {@code since} where it is given; the first page of one that lists all in pages. */
    Page page(FeedContract feed, Optional<Instant> since);

    /** One page of a feed that is read page by page. */
    default Page page(FeedContract feed, Stretch stretch) {
        throw new IllegalStateException("%s is not read page by page".formatted(feed.name()));
    }

    /** Carries an operation out; the answer is any JSON object or array, or nothing. */
    Reply call(Call call);

    Collection<Operation> operations();

    /** What must be known of writes that are not to be done twice. */
    WriteRules writeRules();

    @Override
    void close();
}
