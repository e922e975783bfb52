package io.crmbridge.feed;

/** One route as the dispatcher sees it. Called from several threads, never for one record twice at a time. */
public interface Delivery {

    /** Processes the changes and returns when the work is really done; an exception counts as permanent. */
    Outcome deliver(Handover handover);
}
