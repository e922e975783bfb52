package io.crmbridge.cli;

import io.crmbridge.bundle.BridgeConfig;
import io.crmbridge.crm.Connection;
import io.crmbridge.crm.Crm;
import io.crmbridge.crm.Quota;
import io.crmbridge.crm.impactiveai.ImpactiveAi;
import io.crmbridge.crm.intellivizz.Account;
import io.crmbridge.crm.intellivizz.Intellivizz;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a connection's CRM of what the bundle says. */
final class Crms {
    private static final Logger LOG = LoggerFactory.getLogger(Crms.class);

    private Crms() {}

    static Crm of(Connection connection, BridgeConfig config, Clock clock) {
        if (connection.type().equals(Intellivizz.TYPE)) {
            Account account = config.account(connection.name());
            return new Intellivizz(
                    connection, () -> account, config.catalogue(connection.name()), Quota.NONE, config.limits(), clock);
        }
        if (!ImpactiveAi.looksLikeKey(connection.credential().current().value())) {
            LOG.warn(
                    "connection {}: its key is not icrm_ and 32 hexadecimal characters; a workspace's own domain may"
                            + " differ, else check it",
                    connection.name());
        }
        return new ImpactiveAi(connection, config.limits(), clock);
    }
}
