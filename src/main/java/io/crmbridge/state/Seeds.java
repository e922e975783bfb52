package io.crmbridge.state;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/**
 * Who was a contact when all of them were exported on the CRM's own screen: what its API does not show. Of addresses only a hash
 * is kept. Thread-safe.
 */
public interface Seeds {
    /** Id of a contact whose id the export does not tell. */
    String NO_ID = "";

    /** Begins another one of a source; it takes the place of the one before when it is loaded whole. */
    Loading begin(long sourceId, Instant exportedAt);

    /** The one that counts. */
    Optional<Seed> of(long sourceId);

    /** What the one that counts tells of an address, and which one that is: another may take its place at any time. */
    Optional<Found> find(long sourceId, String address);

    /** @param contacts how many of them have an address */
    record Seed(long id, Instant exportedAt, long contacts, Instant loadedAt) {
        /** What is committed later than that with an older stamp is outside every proof; the export itself takes time, too. */
        public static final Duration LATENESS = Duration.ofMinutes(5);

        /** Whether everything stands in it that was last changed up to a time. */
        public boolean covers(Instant until) {
            return !until.isAfter(exportedAt.minus(LATENESS));
        }
    }

    /** @param ids of the contacts with the address, {@link #NO_ID} among them where one is not known */
    record Found(Seed seed, Set<String> ids) {
        public Found {
            ids = Set.copyOf(ids);
        }
    }

    record Contact(String address, String id) {}

    /** One that is being loaded. */
    interface Loading extends AutoCloseable {
        /** Durable when it returns; a contact that is there already is there once. */
        void add(Collection<Contact> contacts);

        /** From now on it counts, and the one before is removed. */
        Seed finish();

        /** Removes it unless it was finished. */
        @Override
        void close();
    }
}
