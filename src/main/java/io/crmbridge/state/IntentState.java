package io.crmbridge.state;

import java.util.Map;
import java.util.Optional;

/**
 * What is known of a write to a CRM, and what can happen to it. A write whose outcome is unknown is {@link #SENT} until it was
 * looked up, and {@link #UNKNOWN} where that told nothing: from neither is it sent again by the bridge itself.
 */
public enum IntentState {
    /** On record, and surely not done. */
    PLANNED,
    /** Not done, because it would be one too many in its time: a person lets it through. */
    WAITING,
    /** Handed to the CRM, whose answer is not on record. */
    SENT,
    /** Done: the CRM said so, or it was found there. */
    CONFIRMED,
    /** Not done: the CRM said so. */
    REFUSED,
    /** A person decides. */
    UNKNOWN,
    /** A person gave it up. */
    DROPPED;

    public enum Event {
        /** It is about to be handed over. */
        SEND,
        /** The CRM said that it is done. */
        ANSWERED,
        /** The CRM said that it will not be done. */
        REJECTED,
        /** It surely did not reach the CRM, or was put off by it. */
        NOT_TAKEN,
        /** Looked up: it is there, once. */
        FOUND,
        /** Looked up: it is proven not to be there. */
        ABSENT,
        /** Looked up: it is there more than once, or its absence is not proven. */
        UNCLEAR,
        /** Looked up once more: the CRM has carried out an earlier sending too, which had been proven absent. */
        TWICE,
        /** Before it was sent, something was found that a person must see. */
        HELD,
        /** Before it was sent, enough others had been. */
        WAIT,
        /** A person says that it is done. */
        CONFIRM,
        /** A person says: do it, again or at last. */
        RETRY,
        /** A person gives it up. */
        DROP,
        /** Of those that wait, a person lets this one through. */
        LET_THROUGH,
        /** Of those that wait, a person gives this one up. */
        GIVE_UP
    }

    private static final Map<IntentState, Map<Event, IntentState>> TABLE = Map.of(
            PLANNED,
            Map.of(
                    Event.SEND, SENT,
                    Event.ANSWERED, CONFIRMED,
                    Event.REJECTED, REFUSED,
                    Event.HELD, UNKNOWN,
                    Event.WAIT, WAITING,
                    Event.RETRY, PLANNED,
                    Event.DROP, DROPPED),
            WAITING,
            Map.of(
                    Event.RETRY, PLANNED,
                    Event.DROP, DROPPED,
                    Event.LET_THROUGH, PLANNED,
                    Event.GIVE_UP, DROPPED),
            SENT,
            Map.of(
                    Event.ANSWERED, CONFIRMED,
                    Event.REJECTED, REFUSED,
                    Event.NOT_TAKEN, PLANNED,
                    Event.FOUND, CONFIRMED,
                    Event.ABSENT, PLANNED,
                    Event.UNCLEAR, UNKNOWN),
            CONFIRMED,
            Map.of(Event.TWICE, UNKNOWN),
            REFUSED,
            Map.of(Event.RETRY, PLANNED, Event.DROP, DROPPED, Event.HELD, UNKNOWN),
            UNKNOWN,
            Map.of(Event.CONFIRM, CONFIRMED, Event.RETRY, PLANNED, Event.DROP, DROPPED),
            DROPPED,
            Map.of(Event.RETRY, PLANNED));

    /** Empty where that cannot happen in this state. */
    public Optional<IntentState> on(Event event) {
        return Optional.ofNullable(TABLE.get(this).get(event));
    }
}
