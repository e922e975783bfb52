package io.crmbridge.bundle;

import io.crmbridge.component.NearestWord;
import io.crmbridge.crm.Connection;
import io.crmbridge.crm.Credential;
import io.crmbridge.crm.QuotaLimits;
import io.crmbridge.crm.Secret;
import io.crmbridge.crm.impactiveai.ImpactiveAi;
import io.crmbridge.crm.intellivizz.Account;
import io.crmbridge.crm.intellivizz.Catalogue;
import io.crmbridge.crm.intellivizz.Intellivizz;
import io.crmbridge.crm.oauth.OAuthApp;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@code bridge.connection.*} and {@code bridge.oauth.*}: whom a bundle calls, with which credential, how often and by which
 * catalogue. Immutable. Thread-safe.
 */
public final class ConnectionKeys {
    private static final List<String> TYPES = List.of(ImpactiveAi.TYPE, Intellivizz.TYPE);
    /** "Requests per minute (per API key): 100, per day: 100,000, burst (10-second window): 30" (the CRM's document). */
    private static final String INTELLIVIZZ_QUOTA = "30/10s,100/1m,100000/1d";

    private static final Pattern PLACED = Pattern.compile("(.*?), line (\\d{1,9}): (.*)");

    private final Keys keys;
    private final Path folder;
    private final Map<String, Catalogue> catalogues = new ConcurrentHashMap<>();

    /** @param folder of the bundle, which the names of files are below */
    ConnectionKeys(Keys keys, Path folder) {
        this.keys = keys;
        this.folder = folder;
    }

    /** @throws BundleException when one is not complete; says which key to set */
    public List<Connection> connections() {
        List<Connection> connections = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        Set<String> names = keys.names("bridge.connection.");
        boolean some = names.stream().anyMatch(name -> missingKey(name).isEmpty());
        for (String name : names) {
            findingsOf(() -> quota(name), findings);
            if (!some || missingKey(name).isEmpty()) {
                connection(name, findings).ifPresent(connections::add);
            }
        }
        if (keys.names("bridge.connection.").isEmpty()) {
            findings.add(Keys.finding(
                    "there is no connection: set bridge.connection.default.type=impactiveai, .base-url and .api-key"));
        }
        if (!findings.isEmpty()) {
            throw new BundleException(findings);
        }
        return connections;
    }

    /** The connections that are configured, with a key or without, and what is said to be their types. */
    public Map<String, String> connectionTypes() {
        return keys.names("bridge.connection.").stream()
                .collect(Collectors.toMap(
                        name -> name,
                        name -> keys.get("bridge.connection." + name + ".type").orElse("")));
    }

    /** Whether a connection of this name may come into being when somebody installs an app. */
    boolean isOfAnApp(String connection) {
        return keys.names("bridge.oauth.").stream().anyMatch(app -> connection.startsWith(app + "-"));
    }

    /** What to set for a connection that has no credential yet, and whose routes so stay off beside those of others. */
    Optional<String> missingKey(String connection) {
        String prefix = "bridge.connection." + connection;
        boolean isThere = !keys.names("bridge.connection.").contains(connection)
                || keys.get(prefix + ".api-key").isPresent()
                || keys.get(prefix + ".oauth").isPresent()
                || keys.get(prefix + ".location-id").isPresent()
                || keys.get(prefix + ".agency-id").isPresent();
        return isThere ? Optional.empty() : Optional.of(prefix + ".api-key");
    }

    private Optional<Connection> connection(String name, List<Finding> findings) {
        String prefix = "bridge.connection." + name;
        String type = keys.get(prefix + ".type").orElse("");
        Optional<String> key = keys.get(prefix + ".api-key");
        Optional<String> app = keys.get(prefix + ".oauth");
        int before = findings.size();
        if (!TYPES.contains(type)) {
            findings.add(Keys.finding("%s.type=%s is no CRM this bridge knows%s; there are %s"
                    .formatted(prefix, type, NearestWord.hint(type, TYPES), String.join(", ", TYPES))));
            return Optional.empty();
        }
        if (app.isPresent()) {
            findingsOf(() -> oauth(name), findings);
        } else if (key.isEmpty()) {
            findings.add(Keys.finding(
                    type.equals(Intellivizz.TYPE)
                            ? "%s.api-key is not set: export INTELLIVIZZ_API_KEY=..., or write it into application.properties. Generate one in Intellivizz under Settings, API & Webhooks"
                                    .formatted(prefix)
                            : "%s.api-key is not set: export IMPACTIVEAI_API_KEY=icrm_..., or write it into application.properties. Create one in ImpactiveAI under Workspace Settings, Integrations, API Keys"
                                    .formatted(prefix)));
        }
        Optional<URI> url = type.equals(Intellivizz.TYPE) ? intellivizz(name, findings) : impactiveAi(prefix, findings);
        return findings.size() > before || url.isEmpty()
                ? Optional.empty()
                : Optional.of(new Connection(
                        name,
                        type,
                        url.get(),
                        key.map(text -> Credential.of(new Secret(text))).orElseGet(() -> new NoConsent(name))));
    }

    private static void findingsOf(Runnable check, List<Finding> findings) {
        try {
            check.run();
        } catch (BundleException e) {
            findings.addAll(e.findings());
        }
    }

    private Optional<URI> impactiveAi(String prefix, List<Finding> findings) {
        for (String other : List.of(".location-id", ".agency-id", ".catalogue", ".oauth")) {
            if (keys.get(prefix + other).isPresent()) {
                findings.add(Keys.finding("%s%s is for connections of type intellivizz".formatted(prefix, other)));
            }
        }
        return baseUrl(prefix, "https://app.impactiveai.com", findings);
    }

    private Optional<URI> intellivizz(String name, List<Finding> findings) {
        String prefix = "bridge.connection." + name;
        boolean ofLocation = keys.get(prefix + ".location-id").isPresent();
        boolean ofAgency = keys.get(prefix + ".agency-id").isPresent();
        if (ofLocation && ofAgency
                || !ofLocation && !ofAgency && keys.get(prefix + ".oauth").isEmpty()) {
            findings.add(Keys.finding(
                    "%s needs either .location-id, the id of the location whose key it is, or .agency-id with the key of an agency"
                            .formatted(prefix)));
        }
        try {
            return intellivizzUrl(prefix, catalogue(name).baseUrl().toString(), findings);
        } catch (BundleException e) {
            findings.addAll(e.findings());
            return Optional.empty();
        }
    }

    private Optional<URI> intellivizzUrl(String prefix, String usual, List<Finding> findings) {
        Optional<URI> url = baseUrl(prefix, usual, findings);
        url.filter(it -> !it.getScheme().equals("https") && !OAuthApp.isLoopback(it))
                .ifPresent(it -> findings.add(Keys.finding(
                        "%s.base-url is not https: records and the key would go over the network in the clear"
                                .formatted(prefix))));
        return url;
    }

    private Optional<URI> baseUrl(String prefix, String usual, List<Finding> findings) {
        String base = keys.get(prefix + ".base-url").orElse(usual);
        return Keys.url(
                prefix + ".base-url", base.endsWith("/") ? base.substring(0, base.length() - 1) : base, findings);
    }

    /** Whether nobody has said where the CRM is, so that calls and the key go to the address that is assumed. */
    public boolean isAddressAssumed(String connection) {
        return keys.get("bridge.connection." + connection + ".base-url").isEmpty()
                && catalogue(connection).baseUrl().equals(Catalogue.standard().baseUrl());
    }

    /** Whose key a connection of type intellivizz has, as far as that is configured. */
    public Account account(String connection) {
        String prefix = "bridge.connection." + connection;
        return new Account(keys.get(prefix + ".location-id"), keys.get(prefix + ".agency-id"));
    }

    /**
     * What a connection's Intellivizz can be asked for; the standard where nothing else is said.
     *
     * @throws BundleException when its file cannot be read
     */
    public Catalogue catalogue(String connection) {
        return catalogue("bridge.connection." + connection + ".catalogue", connection);
    }

    /** What the installs of an OAuth app can be asked for. */
    public Catalogue catalogueOfApp(String app) {
        return catalogue("bridge.oauth." + app + ".catalogue", "bridge.oauth." + app);
    }

    private Catalogue catalogue(String key, String of) {
        return catalogues.computeIfAbsent(of, name -> {
            Optional<Path> file = keys.get(key).map(text -> folder.resolve(text).normalize());
            if (file.filter(it -> !it.startsWith(folder.normalize())).isPresent()) {
                throw Keys.refused("%s leads out of the bundle".formatted(key));
            }
            try {
                return file.map(Catalogue::read).orElseGet(Catalogue::standard);
            } catch (IllegalArgumentException e) {
                throw new BundleException(e.getMessage()
                        .lines()
                        .map(line -> ofCatalogue(keys.get(key).orElseThrow(), line))
                        .toList());
            }
        });
    }

    /** What Intellivizz' document says of each key. */
    public static QuotaLimits intellivizzQuota() {
        return QuotaLimits.parse(INTELLIVIZZ_QUOTA);
    }

    /** How many calls the key of a connection may make; empty: as many as there are to make. */
    public Optional<QuotaLimits> quota(String connection) {
        String prefix = "bridge.connection." + connection;
        String text = keys.get(prefix + ".quota")
                .orElse(
                        keys.get(prefix + ".type").filter("intellivizz"::equals).isPresent()
                                ? INTELLIVIZZ_QUOTA
                                : "none");
        try {
            return text.equals("none") ? Optional.empty() : Optional.of(QuotaLimits.parse(text));
        } catch (IllegalArgumentException e) {
            throw Keys.refused("%s.quota: %s, or none".formatted(prefix, e.getMessage()));
        }
    }

    /**
     * The OAuth app whose grant a connection calls with; empty where it has none.
     *
     * @throws BundleException when it is not complete, and when the connection has a key besides; says which key to set
     */
    public Optional<OAuthApp> oauth(String connection) {
        String prefix = "bridge.connection." + connection;
        Optional<String> app = keys.get(prefix + ".oauth");
        if (app.isPresent() && keys.get(prefix + ".api-key").isPresent()) {
            throw Keys.refused("%s.api-key and %s.oauth are both set: leave one of them out".formatted(prefix, prefix));
        }
        return app.map(this::oauthApp);
    }

    /**
     * Where the installs of an OAuth app are served; as their catalogue says where nothing else is said.
     *
     * @throws BundleException when it is no address, or not https
     */
    public URI baseUrlOfApp(String app) {
        List<Finding> findings = new ArrayList<>();
        Optional<URI> url = intellivizzUrl(
                "bridge.oauth." + app, catalogueOfApp(app).baseUrl().toString(), findings);
        if (!findings.isEmpty()) {
            throw new BundleException(findings);
        }
        return url.orElseThrow();
    }

    /** Names of the OAuth apps that have any key set. */
    public Set<String> oauthApps() {
        return keys.names("bridge.oauth.");
    }

    /** @throws BundleException when it is not complete; says which key to set */
    public OAuthApp oauthApp(String name) {
        String prefix = "bridge.oauth." + name;
        List<Finding> findings = new ArrayList<>();
        for (String key : List.of(".client-id", ".client-secret")) {
            if (keys.get(prefix + key).isEmpty()) {
                findings.add(Keys.finding(
                        "%s%s is not set: the CRM shows it where the app is registered".formatted(prefix, key)));
            }
        }
        Optional<URI> redirect =
                keys.get(prefix + ".redirect-uri").flatMap(text -> Keys.url(prefix + ".redirect-uri", text, findings));
        if (redirect.filter(uri -> !uri.getScheme().equals("https") && !OAuthApp.isLoopback(uri))
                .isPresent()) {
            findings.add(Keys.finding(
                    "%s.redirect-uri is not https: whoever reads the network would get the code; http is for 127.0.0.1 alone"
                            .formatted(prefix)));
        }
        if (!findings.isEmpty()) {
            throw new BundleException(findings);
        }
        return new OAuthApp(
                name,
                keys.get(prefix + ".client-id").orElseThrow(),
                new Secret(keys.get(prefix + ".client-secret").orElseThrow()),
                keys.get(prefix + ".scopes")
                        .map(text -> Set.copyOf(List.of(text.split("[\\s,]+"))))
                        .orElse(Set.of()),
                redirect);
    }

    /** @param said begins with the whole path and mostly the line, which a finding has itself */
    private static Finding ofCatalogue(String file, String said) {
        Matcher placed = PLACED.matcher(said);
        // What is assumed has lines of its own, which are not those of the file.
        return placed.matches()
                        && placed.group(1).endsWith(Path.of(file).getFileName().toString())
                ? new Finding(file, Integer.parseInt(placed.group(2)), placed.group(3))
                : new Finding(file, 0, said);
    }
}
