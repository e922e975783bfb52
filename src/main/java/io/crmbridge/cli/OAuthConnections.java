package io.crmbridge.cli;

import io.crmbridge.bundle.BridgeConfig;
import io.crmbridge.bundle.BundleReader;
import io.crmbridge.bundle.ConnectionKeys;
import io.crmbridge.crm.Connection;
import io.crmbridge.crm.Crm;
import io.crmbridge.crm.Quota;
import io.crmbridge.crm.QuotaLimits;
import io.crmbridge.crm.intellivizz.Account;
import io.crmbridge.crm.intellivizz.Catalogue;
import io.crmbridge.crm.intellivizz.Intellivizz;
import io.crmbridge.crm.oauth.OAuthApp;
import io.crmbridge.crm.oauth.OAuthCredential;
import io.crmbridge.crm.oauth.OAuthEndpoints;
import io.crmbridge.crm.oauth.OAuthFlow;
import io.crmbridge.crm.oauth.OAuthInstall;
import io.crmbridge.feed.FeedRuntime;
import io.crmbridge.state.Store;
import io.crmbridge.state.Tokens.Entry;
import io.crmbridge.web.WebServer.Taker;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The connections that call with OAuth: those of the bundle, and those that installs of its apps make. Thread-safe. */
final class OAuthConnections implements AutoCloseable {
    private final BundleReader.Reading reading;
    private final BridgeConfig config;
    private final Store store;
    private final Clock clock;
    /** By the app's name. */
    private final Map<String, OAuthFlow> apps = new TreeMap<>();

    private final List<OAuthFlow> flows = new ArrayList<>();
    /** Of each connection that was installed, its app. */
    private final Map<String, String> installed = new ConcurrentHashMap<>();

    OAuthConnections(BundleReader.Reading reading, Store store, Clock clock) {
        this.reading = reading;
        this.config = reading.config();
        this.store = store;
        this.clock = clock;
        for (String name : config.crm().oauthApps()) {
            apps.put(name, flow(config.crm().oauthApp(name), endpoints(config, name)));
        }
    }

    /** For a command beside a running bridge, whose part refreshing is. */
    static Crm beside(Connection connection, BridgeConfig config, Store store, Clock clock) {
        return beside(connection, config, store, Quota.NONE, clock);
    }

    /** The same, with a quota of its own. */
    static Crm beside(Connection connection, BridgeConfig config, Store store, Quota quota, Clock clock) {
        String name = connection.name();
        Account told = config.crm().account(name);
        return new Intellivizz(
                new Connection(
                        name,
                        connection.type(),
                        connection.baseUrl(),
                        OAuthCredential.reading(name, store.tokens(), clock)),
                told.equals(Account.UNKNOWN) ? granted(store, name) : () -> told,
                config.crm().catalogue(name),
                quota,
                config.limits(),
                clock);
    }

    /** Where tokens of a connection are issued. */
    static OAuthEndpoints endpoints(Catalogue catalogue, URI baseUrl) {
        return new OAuthEndpoints(catalogue.authorizeUrl(), URI.create(baseUrl + catalogue.tokenPath()));
    }

    /** Where tokens of an app's installs are issued. */
    static OAuthEndpoints endpoints(BridgeConfig config, String app) {
        return endpoints(config.crm().catalogueOfApp(app), config.crm().baseUrlOfApp(app));
    }

    private OAuthFlow flow(OAuthApp app, OAuthEndpoints endpoints) {
        OAuthFlow flow = new OAuthFlow(app, endpoints, OAuthFlow.LIMITS, clock);
        flows.add(flow);
        return flow;
    }

    /** Those that there are when the bridge starts. */
    List<Crm> all() {
        List<Crm> all = new ArrayList<>();
        for (Connection connection : config.crm().connections()) {
            String name = connection.name();
            config.crm()
                    .oauth(name)
                    .map(app -> flow(app, endpoints(config.crm().catalogue(name), connection.baseUrl())))
                    .ifPresent(flow -> all.add(crm(
                            name,
                            connection.baseUrl(),
                            flow,
                            config.crm().account(name),
                            config.crm().catalogue(name),
                            config.crm().quota(name))));
        }
        Set<String> named = Set.copyOf(
                config.crm().connections().stream().map(Connection::name).toList());
        for (String app : apps.keySet()) {
            OAuthInstall.stored(store.tokens(), app).stream()
                    .map(Entry::connection)
                    .filter(name -> !named.contains(name))
                    .forEach(name -> all.add(install(app, name)));
        }
        return all;
    }

    private Crm install(String app, String name) {
        installed.put(name, app);
        return crm(
                name,
                config.crm().baseUrlOfApp(app),
                apps.get(app),
                Account.UNKNOWN,
                config.crm().catalogueOfApp(app),
                Optional.of(ConnectionKeys.intellivizzQuota()));
    }

    private Crm crm(
            String name, URI baseUrl, OAuthFlow flow, Account told, Catalogue catalogue, Optional<QuotaLimits> limits) {
        Connection connection =
                new Connection(name, Intellivizz.TYPE, baseUrl, new OAuthCredential(name, flow, store.tokens(), clock));
        Quota quota = limits.<Quota>map(of -> Crms.quota(connection, of, store, clock))
                .orElse(Quota.NONE);
        return new Intellivizz(
                connection,
                told.equals(Account.UNKNOWN) ? granted(store, name) : () -> told,
                catalogue,
                quota,
                config.limits(),
                clock);
    }

    /** Whoever consented last: after a logout that may be another one, whose tokens must not go with the ids of the one before. */
    private static Supplier<Account> granted(Store store, String connection) {
        return () -> store.tokens().all().stream()
                .filter(entry -> entry.connection().equals(connection)
                        && !entry.identity().isEmpty())
                .findFirst()
                .map(OAuthConnections::account)
                .orElse(Account.UNKNOWN);
    }

    private static Account account(Entry grant) {
        return grant.userType().equalsIgnoreCase("company")
                ? Account.ofAgency(grant.identity())
                : Account.ofLocation(grant.identity());
    }

    /** What a connection can be asked for, also one that was installed. */
    Catalogue catalogue(String connection) {
        String app = installed.get(connection);
        return app == null ? config.crm().catalogue(connection) : config.crm().catalogueOfApp(app);
    }

    /** Takes installs: each makes a connection that polls at once. */
    Map<String, Taker> takers(FeedRuntime feeds) {
        Map<String, Taker> takers = new TreeMap<>();
        if (!apps.isEmpty()) {
            Set<String> scopes = reading.scopesOf(apps.keySet());
            takers.putAll(new OAuthInstall(apps, scopes, store.tokens(), name -> arrived(name, feeds)).takers());
        }
        return takers;
    }

    private synchronized void arrived(String name, FeedRuntime feeds) {
        if (feeds.connections(Intellivizz.TYPE).contains(name)) {
            feeds.retry(name);
            return;
        }
        store.tokens().all().stream()
                .filter(entry -> entry.connection().equals(name))
                .findFirst()
                .ifPresent(entry -> feeds.add(install(entry.app(), name)));
    }

    @Override
    public void close() {
        flows.forEach(OAuthFlow::close);
    }
}
