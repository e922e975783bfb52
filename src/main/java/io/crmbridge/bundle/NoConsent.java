package io.crmbridge.bundle;

import io.crmbridge.crm.Credential;
import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.Secret;
import io.crmbridge.crm.Verdict;

/** Of a connection that calls with OAuth, as long as nobody has looked whether the store has its grant. */
record NoConsent(String connection) implements Credential {
    @Override
    public Secret current() {
        throw new CrmException(Verdict.REFUSED, "consent is needed: run auth login --connection " + connection);
    }

    @Override
    public boolean renew(Secret refused) {
        return false;
    }
}
