package io.crmbridge.crm;

import io.crmbridge.sandbox.Fault;
import io.crmbridge.sandbox.Faults;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Named;

/** A CRM over real HTTP and the connector to it: all that differs between the CRMs whose contract is tested. */
public abstract class CrmStandIn implements AutoCloseable {
    protected abstract Faults faults();

    public abstract Crm connect(String key, CrmHttp.Limits limits);

    public abstract String key();

    /** A key that looks like one and is none. */
    public abstract String wrongKey();

    /** From the next request on the key is refused. */
    public abstract void revokeKey();

    public abstract void acceptKeyAgain();

    public abstract Workspace workspace();

    public abstract String authPath();

    /** Whether a row that is stamped {@code since} to the instant is listed. */
    public abstract boolean sinceIsInclusive(FeedContract feed);

    /** Makes a record the way the CRM does, stamped now, with this text somewhere in it; returns its id. */
    public abstract String create(FeedContract feed, String text);

    /** Stores a row as it is; it replaces the one with its id. */
    public abstract void put(FeedContract feed, Map<String, Object> row);

    /** The body of a list of these rows, which are JSON joined by commas. */
    public abstract String list(FeedContract feed, String rows);

    /** How many requests came with the key, whatever they were answered. */
    public abstract long requests(String path);

    public final void put(FeedContract feed, String id, Instant stamp) {
        Map<String, Object> row = new HashMap<>();
        row.put(feed.idField(), id);
        row.put(feed.cursorField(), stamp.toString());
        row.put(feed.createdField(), stamp.toString());
        put(feed, row);
    }

    public final Fault on(String path) {
        return faults().on("*", path);
    }

    public final void heal() {
        faults().clear();
    }

    /** Feeds of records, as arguments of tests. */
    public final List<Named<FeedContract>> feeds() {
        try (Crm crm = connect(key(), CrmHttp.Limits.DEFAULT)) {
            return records(crm).stream()
                    .map(feed -> Named.of(feed.name(), feed))
                    .toList();
        }
    }

    /** Those of the connector's feeds that are tested: their rows can be put, and have stamps. */
    public abstract List<FeedContract> records(Crm crm);

    @Override
    public abstract void close();
}
