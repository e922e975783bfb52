package io.crmbridge.crm;

/** What a connection's calls are sent with. Thread-safe. */
public interface Credential {

    /**
     * The value that counts now. May fetch a new one from the CRM first, and so block.
     *
     * @throws CrmException of verdict REFUSED when a person must see to it; the message says what to run
     */
    Secret current();

    /** The CRM did not accept a value. @return whether there is another one now, with which the call may be sent once more */
    boolean renew(Secret refused);

    /** One that never changes by itself. */
    static Credential of(Secret key) {
        return new Credential() {
            @Override
            public Secret current() {
                return key;
            }

            @Override
            public boolean renew(Secret refused) {
                return false;
            }

            @Override
            public String toString() {
                return key.toString();
            }
        };
    }
}
