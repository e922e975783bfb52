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
import java.util.Optional;
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
        Optional<QuotaLimits> limits = config.crm().quota(connection.name());
        if (limits.isEmpty()) {
            opened.thenAccept(store -> forget(connection, store));
            return of(connection, config, Quota.NONE, clock);
        }
        return of(
                connection,
                config,
                new DeferredQuota(opened.thenApply(store -> quota(connection, limits.get(), store, clock))),
                clock);
    }

    private static long source(Connection connection, Store store) {
        return store.sources().source(connection.name(), connection.type()).id();
    }

    /** What a quota before has left behind would be shown for ever. */
    private static void forget(Connection connection, Store store) {
        store.quotas().forget(source(connection, store)).whenComplete((done, e) -> {
            if (e != null) {
                LOG.warn(
                        "connection {}: status still shows the quota that it had: {}",
                        connection.name(),
                        e.getMessage());
            }
        });
    }

    static Quota quota(Connection connection, QuotaLimits limits, Store store, Clock clock) {
        long source = source(connection, store);
        String crm = connection.type().equals(ImpactiveAi.TYPE) ? "ImpactiveAI" : "Intellivizz";
        return SlidingQuota.open(limits, crm, store.quotas(), source, clock);
    }

    static Crm of(Connection connection, BridgeConfig config, Quota quota, Clock clock) {
        if (connection.type().equals(Intellivizz.TYPE)) {
            if (config.crm().isAddressAssumed(connection.name())) {
                LOG.warn(
                        "connection {}: its calls and its key go to {}, which is assumed, because Intellivizz publishes no address:"
                                + " set bridge.connection.{}.base-url to the one that you were given",
                        connection.name(),
                        connection.baseUrl(),
                        connection.name());
            }
            Account account = config.crm().account(connection.name());
            return new Intellivizz(
                    connection,
                    () -> account,
                    config.crm().catalogue(connection.name()),
                    quota,
                    config.limits(),
                    clock);
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
