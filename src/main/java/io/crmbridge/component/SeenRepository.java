package io.crmbridge.component;

import io.crmbridge.state.SeenKeys;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.spi.IdempotentRepository;

/**
 * {@code #bridgeIdempotentRepository}: Camel's idempotent consumer over the bridge's store. Keys are kept for each bundle and
 * the route whose source brought the message. A key at work is in memory alone and becomes durable when the work is
 * confirmed, so a process that dies in between does it again.
 */
final class SeenRepository implements IdempotentRepository {
    static final String NAME = "bridgeIdempotentRepository";

    private final CamelContext context;
    private final BridgeServices services;
    private final Set<ScopedKey> working = ConcurrentHashMap.newKeySet();

    private record ScopedKey(String scope, String key) {}

    SeenRepository(CamelContext context, BridgeServices services) {
        this.context = context;
        this.services = services;
    }

    private String scope(String routeId) {
        return "idempotent/" + services.bundle() + "/" + routeId;
    }

    private SeenKeys seen() {
        return services.runningSeen();
    }

    private ScopedKey of(Exchange exchange, String key) {
        return new ScopedKey(scope(exchange.getFromRouteId()), key);
    }

    /** What asks without an exchange, such as a file's source, names its keys for itself. */
    private ScopedKey of(String key) {
        return new ScopedKey(scope(""), key);
    }

    private boolean isDurable(ScopedKey key) {
        return !seen().known(key.scope(), List.of(key.key())).isEmpty();
    }

    private boolean add(ScopedKey key) {
        if (!working.add(key)) {
            return false;
        }
        boolean fresh = false;
        try {
            fresh = !isDurable(key);
        } finally {
            if (!fresh) {
                working.remove(key);
            }
        }
        return fresh;
    }

    private boolean contains(ScopedKey key) {
        return working.contains(key) || isDurable(key);
    }

    private boolean remove(ScopedKey key) {
        boolean worked = working.remove(key);
        if (isDurable(key)) {
            seen().remove(key.scope(), key.key());
            return true;
        }
        return worked;
    }

    private boolean confirm(ScopedKey key) {
        seen().add(key.scope(), List.of(key.key()));
        working.remove(key);
        return true;
    }

    @Override
    public boolean add(Exchange exchange, String key) {
        return add(of(exchange, key));
    }

    @Override
    public boolean contains(Exchange exchange, String key) {
        return contains(of(exchange, key));
    }

    @Override
    public boolean remove(Exchange exchange, String key) {
        return remove(of(exchange, key));
    }

    @Override
    public boolean confirm(Exchange exchange, String key) {
        return confirm(of(exchange, key));
    }

    @Override
    public boolean add(String key) {
        return add(of(key));
    }

    @Override
    public boolean contains(String key) {
        return contains(of(key));
    }

    @Override
    public boolean remove(String key) {
        return remove(of(key));
    }

    @Override
    public boolean confirm(String key) {
        return confirm(of(key));
    }

    @Override
    public void clear() {
        working.clear();
        seen().clear(scope(""));
        for (Route route : context.getRoutes()) {
            seen().clear(scope(route.getRouteId()));
        }
    }

    /** Camel starts and stops it with each route that uses it; it lives as long as the store. */
    @Override
    public void start() {}

    @Override
    public void stop() {}
}
