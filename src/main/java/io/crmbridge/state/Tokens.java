package io.crmbridge.state;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * OAuth grants, by the connection that calls with them. Tokens are encrypted with the store's key, and no {@code toString} shows
 * one. Thread-safe, over processes too.
 *
 * <p>A method that needs the key throws {@link StoreException} of kind UNUSABLE where it is missing or another one; the message
 * says what to do.
 */
public interface Tokens {

    enum State {
        VALID,
        /** Nothing is refreshed any more before somebody has consented again. */
        CONSENT_NEEDED
    }

    /**
     * What the CRM issued.
     *
     * @param refresh empty where the grant ends with the access token
     * @param expires when the access token does; empty where the CRM did not say
     * @param scopes none where the CRM did not say
     * @param identity id of the location or the agency; empty where the CRM did not say
     * @param userType in the CRM's word, such as Location or Company
     */
    record Issued(
            String access,
            Optional<String> refresh,
            Instant at,
            Optional<Instant> expires,
            Set<String> scopes,
            String identity,
            String userType) {
        public Issued {
            scopes = Set.copyOf(scopes);
        }

        @Override
        public String toString() {
            return "Issued[at=%s, expires=%s, identity=%s]".formatted(at, expires, identity);
        }
    }

    /**
     * A grant without its tokens.
     *
     * @param app the OAuth app that it was given to
     * @param reason why consent is needed
     * @param version grows with each pair of tokens
     */
    record Entry(
            String connection,
            String app,
            Instant issued,
            Optional<Instant> expires,
            Set<String> scopes,
            String identity,
            String userType,
            State state,
            Optional<String> reason,
            long version) {
        public Entry {
            scopes = new TreeSet<>(scopes);
        }
    }

    record Grant(Entry entry, Issued issued) {}

    /**
     * The right to refresh, of one among all threads and processes.
     *
     * @param version of the pair of tokens that is refreshed
     * @param inDoubt a refresh with the same refresh token was begun before and its answer never seen
     */
    record Claim(String connection, long version, String holder, boolean inDoubt) {}

    /** Needs no key. */
    List<Entry> all();

    /** Needs no key where there is none. */
    Optional<Grant> find(String connection);

    /**
     * After a consent: takes the place of what was there before, whatever becomes of a refresh that is under way.
     *
     * @throws StoreException of kind OTHER_WORKSPACE where what is there is of another location or agency
     */
    Entry save(String connection, String app, Issued issued);

    /** Needs no key. @return false when there was none */
    boolean remove(String connection);

    /**
     * Takes the right to refresh, durably, before anything is sent. It ends by itself after a time, by the database's clock, so
     * that one who died does not keep the others out.
     *
     * @return empty while another one has it, when the tokens are no longer of this version, and when consent is needed
     */
    Optional<Claim> claim(String connection, long version, Duration time);

    /**
     * The answer to a refresh: durable when it returns.
     *
     * @return false when there are other tokens by now
     */
    boolean renewed(Claim claim, Issued issued);

    /** Gives the right back. @param sent the refresh token may have been used, and no answer was seen */
    void release(Claim claim, boolean sent);

    /**
     * The grant was revoked or has ended.
     *
     * @param version of the tokens that were refused; later ones stay as they are
     */
    void consentNeeded(String connection, long version, String reason);

    /** A grant as text that shows nothing without the store's key, for {@link Commands}. */
    String seal(String connection, String app, Issued issued);

    /** Saves what {@link #seal} made. @throws StoreException also where it was made with another key, or is none */
    Entry saveSealed(String text);
}
