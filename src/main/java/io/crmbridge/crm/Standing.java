package io.crmbridge.crm;

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

    /** A call was told to wait, by the CRM or by its quota: where that says how long, every call with this key does. */
    void leaveAlone(CrmException wait);
}
