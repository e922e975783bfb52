package io.crmbridge.state;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A write to a CRM, recorded before it is sent.
 *
 * @param routeId of the route that asked for it
 * @param reason why it is in this state, for people; without a record's data
 * @param sentAt when it was last handed to the CRM, on this machine's clock
 * @param sends how often it was, without the times when the CRM surely did not take it; a person's decision begins anew
 * @param recordId of what it made
 * @param known ids of what looked like it before it was sent
 * @param request the call, as its connector writes it down; may be personal
 * @param answer the record that the CRM answered with, or why it refused in its own words; may be personal
 */
public record Intent(
        long id,
        long sourceId,
        String connection,
        String resource,
        String operation,
        String routeId,
        IntentState state,
        Optional<String> reason,
        Instant plannedAt,
        Instant since,
        Optional<Instant> sentAt,
        int sends,
        Optional<String> recordId,
        List<String> known,
        byte[] request,
        Optional<byte[]> answer) {

    public Intent {
        known = List.copyOf(known);
    }

    /** Whether a person wants it done. */
    public boolean isReleased() {
        return reason.equals(Optional.of(RELEASED));
    }

    /** Whether it surely was not done, for the CRM never got it. */
    public boolean isNeverSent() {
        return sends == 0;
    }

    /** Reason of one that a person wants done, whatever was found before it was sent. */
    public static final String RELEASED = "a person said: do it";

    /**
     * One that is not on record yet.
     *
     * @param key the same for each repetition of the same write
     * @param naturalKey equal for writes that mean the same record for a person; only a hash of it is kept
     */
    public record Plan(
            long sourceId,
            String key,
            String resource,
            String operation,
            String routeId,
            String naturalKey,
            byte[] request) {}

    /** One that means a record, without what it writes. */
    public record Meant(long id, IntentState state, int sends, Optional<String> recordId) {

        /** See {@link Intent#isNeverSent}. */
        public boolean isNeverSent() {
            return sends == 0;
        }
    }

    /** What an event leaves besides the state; empty: it stays as it was. */
    public record Note(
            Optional<String> reason, Optional<String> recordId, Optional<byte[]> answer, Optional<List<String>> known) {
        public static final Note NONE =
                new Note(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        public static Note reason(String reason) {
            return new Note(Optional.of(reason), Optional.empty(), Optional.empty(), Optional.empty());
        }
    }
}
