package io.crmbridge.cli;

import io.crmbridge.bundle.BridgeConfig;
import io.crmbridge.crm.Connection;
import io.crmbridge.crm.Crm;
import io.crmbridge.crm.DeferredQuota;
import io.crmbridge.crm.Quota;
import io.crmbridge.crm.QuotaLimits;
import io.crmbridge.crm.SlidingQuota;
import io.crmbridge.crm.impactiveai.ImpactiveAi;
import io.crmbridge.crm.intellivizz.Account;
import io.crmbridge.crm.intellivizz.Intellivizz;
import io.crmbridge.state.Store;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a connection's CRM of what the bundle says. */
final class Crms {
    private static final Logger LOG = LoggerFactory.getLogger(Crms.class);

    private Crms() {}

    /** One that a command asks, beside a bridge that may be running. */
    static Crm of(Connection connection, BridgeConfig config, Clock clock) {
        return of(connection, config, Quota.NONE, clock);
    }

    /** @param opened connections are made while the store is opened; their quotas need it, and no call is made before */
    static Crm of(Connection connection, BridgeConfig config, CompletableFuture<Store> opened, Clock clock) {
        Quota quota = config.quota(connection.name())
                .<Quota>map(
                        limits -> new DeferredQuota(opened.thenApply(store -> quota(connection, limits, store, clock))))
                .orElse(Quota.NONE);
        return of(connection, config, quota, clock);
    }

    static Quota quota(Connection connection, QuotaLimits limits, Store store, Clock clock) {
        long source =
                store.sources().source(connection.name(), connection.type()).id();
        String crm = connection.type().equals(ImpactiveAi.TYPE) ? "ImpactiveAI" : "Intellivizz";
        return SlidingQuota.open(limits, crm, store.quotas(), source, clock);
    }

    private static Crm of(Connection connection, BridgeConfig config, Quota quota, Clock clock) {
        if (connection.type().equals(Intellivizz.TYPE)) {
            Account account = config.account(connection.name());
            return new Intellivizz(
                    connection, () -> account, config.catalogue(connection.name()), quota, config.limits(), clock);
        }
        if (!ImpactiveAi.looksLikeKey(connection.credential().current().value())) {
            LOG.warn(
                    "connection {}: its key is not icrm_ and 32 hexadecimal characters; a workspace's own domain may"
                            + " differ, else check it",
                    connection.name());
        }
        return new ImpactiveAi(connection, config.limits(), quota, clock);
    }
}
