package io.crmbridge.crm;

import java.time.Duration;

/** What a connection's key is good for just now: whoever calls asks first, and tells what it learnt. Thread-safe. */
public interface Standing {

    /** @throws CrmException when no call may be made: the key was refused, answers for another workspace, or is to be left alone */
    void admit();

    /**
     * So many records of a resource are about to be written: a page of their feed must still show all that changed.
     *
     * @return to be run when the CRM has answered, or will not
     */
    Runnable aboutToWrite(String resource, int records);

    /** A call came back with a refused key. */
    void refused(String reason);

    /** The CRM asked for a pause of every call with this key. */
    void leaveAlone(Duration time);
}
