package io.crmbridge.cli;

import io.crmbridge.bundle.BridgeConfig;
import io.crmbridge.crm.Connection;
import io.crmbridge.crm.Crm;
import io.crmbridge.crm.Quota;
import io.crmbridge.state.Store;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** A bundle's CRMs over a scratch store: each keeps its quota, and its calls are counted. */
final class ScratchCrms implements AutoCloseable {
    private final Closers opened = new Closers();
    private final Store store;
    private final List<Crm> crms = new ArrayList<>();
    private final Map<String, AtomicLong> calls = new TreeMap<>();

    /** @param data where consent for connections with OAuth is kept; not looked at without one */
    ScratchCrms(Path folder, BridgeConfig config, DataOption data, Clock clock) {
        store = opened.add(Store.open(folder, clock));
        try {
            for (Connection connection : config.crm().connections()) {
                crms.add(opened.add(crm(connection, config, data, clock)));
            }
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private Crm crm(Connection connection, BridgeConfig config, DataOption data, Clock clock) {
        String name = connection.name();
        Quota real = config.crm()
                .quota(name)
                .map(limits -> Crms.quota(connection, limits, store, clock))
                .orElse(Quota.NONE);
        Quota counted = new CountedQuota(real, calls.computeIfAbsent(name, none -> new AtomicLong()));
        return config.crm().oauth(name).isEmpty()
                ? Crms.of(connection, config, counted, clock)
                : OAuthConnections.beside(connection, config, opened.add(data.attach()), counted, clock);
    }

    Store store() {
        return store;
    }

    List<Crm> all() {
        return crms;
    }

    /** How many calls each has made, by its connection's name. */
    Map<String, Long> calls() {
        Map<String, Long> counts = new TreeMap<>();
        calls.forEach((name, count) -> counts.put(name, count.get()));
        return counts;
    }

    /** Ends the calls that are under way. */
    void hangUp() {
        crms.forEach(Crm::close);
    }

    @Override
    public void close() {
        opened.close();
    }
}
