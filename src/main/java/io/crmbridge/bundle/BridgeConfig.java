package io.crmbridge.bundle;

import io.crmbridge.component.NearestWord;
import io.crmbridge.component.hook.HookSettings;
import io.crmbridge.component.inbox.InboxSettings;
import io.crmbridge.component.inbox.SignedByKey;
import io.crmbridge.component.inbox.Signing;
import io.crmbridge.component.mail.MailSettings;
import io.crmbridge.component.mail.MailSettings.StartTls;
import io.crmbridge.crm.Connection;
import io.crmbridge.crm.Credential;
import io.crmbridge.crm.CrmHttp;
import io.crmbridge.crm.QuotaLimits;
import io.crmbridge.crm.Secret;
import io.crmbridge.crm.impactiveai.ImpactiveAi;
import io.crmbridge.crm.intellivizz.Account;
import io.crmbridge.crm.intellivizz.Catalogue;
import io.crmbridge.crm.intellivizz.Intellivizz;
import io.crmbridge.crm.oauth.OAuthApp;
import io.crmbridge.feed.FeedSettings;
import io.crmbridge.lead.FloodGate;
import io.crmbridge.state.StoreSettings;
import java.net.URI;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.util.TimeUtils;

/** A bundle's {@code bridge.*} keys, resolved and checked. Immutable. Thread-safe. */
public final class BridgeConfig {
    private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,6})(MB|GB)");
    private static final Pattern RATE = Pattern.compile("(\\d{1,9})(?:/(\\d+[smhd]))?");
    private static final Pattern BODY_SIZE = Pattern.compile("([1-9]\\d{0,2})(KB|MB)");
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9-]{1,64}");
    private static final Pattern PLACED = Pattern.compile("(.*?), line (\\d{1,9}): (.*)");
    private static final Pattern ORIGIN = Pattern.compile("https?://[a-z0-9.-]+(:\\d{1,5})?");
    private static final Pattern POSTGRES = Pattern.compile("jdbc:postgresql:\\S+");
    private static final Pattern SECRET_IN_URL = Pattern.compile("(?i)password=|//[^/?]*@");
    private static final Duration SHORTEST_TAKEOVER = Duration.ofSeconds(2);
    private static final List<String> TYPES = List.of(ImpactiveAi.TYPE, Intellivizz.TYPE);
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    /** "Requests per minute (per API key): 100, per day: 100,000, burst (10-second window): 30" (the CRM's document). */
    private static final String INTELLIVIZZ_QUOTA = "30/10s,100/1m,100000/1d";

    private final Map<String, String> values;
    private final Path folder;
    private final Map<String, Catalogue> catalogues = new ConcurrentHashMap<>();

    /**
     * @param properties resolved; other keys than {@code bridge.*} are ignored
     * @param environment its BRIDGE_ variables win over the properties
     * @param folder of the bundle, which the names of files are below
     * @throws BundleException with every key that does not exist
     */
    BridgeConfig(Map<String, String> properties, Map<String, String> environment, Path folder) {
        Map<String, String> all = new TreeMap<>();
        properties.forEach((key, value) -> {
            if (key.startsWith("bridge.")) {
                all.put(key, value.strip());
            }
        });
        environment.forEach((variable, value) -> {
            if (variable.startsWith("BRIDGE_")) {
                BridgeKeys.ofEnvironment(variable, all).ifPresent(key -> all.put(key, value.strip()));
            }
        });
        List<String> unknown = BridgeKeys.unknown(all.keySet());
        if (!unknown.isEmpty()) {
            throw new BundleException(unknown.stream()
                    .map(text -> new Finding("application.properties", 0, text))
                    .toList());
        }
        this.values = Map.copyOf(all);
        this.folder = folder;
    }

    private Optional<String> get(String key) {
        return Optional.ofNullable(values.get(key)).filter(value -> !value.isEmpty());
    }

    public String bundle() {
        return get("bridge.bundle").orElse("default");
    }

    public Optional<String> exportDir() {
        return get("bridge.export.dir");
    }

    public boolean allowFastPoll() {
        return flag("bridge.allow-fast-poll", false);
    }

    public boolean isRouteEnabled(String routeId) {
        return flag("bridge.route." + routeId + ".enabled", true);
    }

    /** Names of RouteBuilder classes. */
    public List<String> javaRoutes() {
        return get("bridge.routes.java")
                .map(text -> Arrays.stream(text.split(","))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .toList())
                .orElse(List.of());
    }

    /** How often each route is expected to succeed, by its id; routes of which nothing is said are left out. */
    public Map<String, Duration> expectations() {
        Map<String, Duration> expected = new TreeMap<>();
        for (String route : names("bridge.route.")) {
            String key = "bridge.route." + route + ".expect-every";
            if (get(key).isPresent()) {
                expected.put(route, duration(key, Duration.ZERO));
            }
        }
        return expected;
    }

    public Duration reminder() {
        return duration("bridge.events.reminder", Duration.ofHours(24));
    }

    /** Whether a fire that was missed while the bridge was down is made up for. */
    public boolean catchUp() {
        String text = get("bridge.schedule.misfire").orElse("once");
        if (!List.of("once", "skip").contains(text)) {
            throw new BundleException(
                    List.of(finding("bridge.schedule.misfire=%s is neither once nor skip".formatted(text))));
        }
        return text.equals("once");
    }

    public FeedSettings feedSettings() {
        Set<String> ignored = get("bridge.feed.ignore-fields")
                .map(text -> Arrays.stream(text.split(",")).map(String::strip).collect(Collectors.toSet()))
                .orElse(Set.of());
        return new FeedSettings(
                duration("bridge.feed.lateness", Duration.ofMinutes(5)),
                ignored,
                duration("bridge.crm.settle", Duration.ofSeconds(30)));
    }

    public CrmHttp.Limits limits() {
        int megabytes = number("bridge.crm.max-answer", 16);
        return new CrmHttp.Limits(
                megabytes << 20, Duration.ofSeconds(10), duration("bridge.crm.timeout", Duration.ofSeconds(60)));
    }

    public Duration logKeep() {
        return duration("bridge.log.keep", Duration.ofDays(30));
    }

    /** In bytes. */
    public long logMaxSize() {
        Matcher size = SIZE.matcher(get("bridge.log.max-size").orElse("10GB"));
        if (!size.matches()) {
            throw new BundleException(
                    List.of(finding("bridge.log.max-size=%s is no size: write for example 500MB or 10GB"
                            .formatted(values.get("bridge.log.max-size")))));
        }
        return Long.parseLong(size.group(1)) << (size.group(2).equals("MB") ? 20 : 30);
    }

    /** Where the store is. */
    public StoreSettings store() {
        Optional<String> url = get("bridge.store.url");
        if (url.filter(text -> !POSTGRES.matcher(text).matches()).isPresent()) {
            throw new BundleException(List.of(finding("bridge.store.url is no PostgreSQL address: write for example"
                    + " jdbc:postgresql://host/database, and leave it out to keep the store in the data folder")));
        }
        if (url.filter(text -> SECRET_IN_URL.matcher(text).find()).isPresent()) {
            throw new BundleException(
                    List.of(finding("bridge.store.url holds a password, and is shown and written down:"
                            + " put the password into bridge.store.password or BRIDGE_STORE_PASSWORD")));
        }
        Duration takeover = duration("bridge.store.takeover", StoreSettings.IN_THE_FOLDER.takeover());
        if (takeover.compareTo(SHORTEST_TAKEOVER) < 0) {
            throw new BundleException(List.of(finding("bridge.store.takeover=%s is shorter than 2s: a pause of the"
                            .formatted(values.get("bridge.store.takeover"))
                    + " network would look like a dead bridge")));
        }
        return new StoreSettings(
                url,
                get("bridge.store.username"),
                get("bridge.store.password"),
                takeover,
                get("bridge.store.key"),
                get("bridge.store.key-file").map(Path::of).map(Path::toAbsolutePath));
    }

    /** @throws BundleException when one is not complete; says which key to set */
    public List<Connection> connections() {
        List<Connection> connections = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        Set<String> names = names("bridge.connection.");
        boolean some = names.stream().anyMatch(name -> missingKey(name).isEmpty());
        for (String name : names) {
            findingsOf(() -> quota(name), findings);
            if (!some || missingKey(name).isEmpty()) {
                connection(name, findings).ifPresent(connections::add);
            }
        }
        if (names("bridge.connection.").isEmpty()) {
            findings.add(finding(
                    "there is no connection: set bridge.connection.default.type=impactiveai, .base-url and .api-key"));
        }
        if (!findings.isEmpty()) {
            throw new BundleException(findings);
        }
        return connections;
    }

    /** The connections that are configured, with a key or without, and what is said to be their types. */
    Map<String, String> connectionTypes() {
        return names("bridge.connection.").stream()
                .collect(Collectors.toMap(
                        name -> name,
                        name -> get("bridge.connection." + name + ".type").orElse("")));
    }

    /** Whether a connection of this name may come into being when somebody installs an app. */
    boolean isOfAnApp(String connection) {
        return names("bridge.oauth.").stream().anyMatch(app -> connection.startsWith(app + "-"));
    }

    /** What to set for a connection that has no credential yet, and whose routes so stay off beside those of others. */
    Optional<String> missingKey(String connection) {
        String prefix = "bridge.connection." + connection;
        boolean isThere = !names("bridge.connection.").contains(connection)
                || get(prefix + ".api-key").isPresent()
                || get(prefix + ".oauth").isPresent()
                || get(prefix + ".location-id").isPresent()
                || get(prefix + ".agency-id").isPresent();
        return isThere ? Optional.empty() : Optional.of(prefix + ".api-key");
    }

    private Optional<Connection> connection(String name, List<Finding> findings) {
        String prefix = "bridge.connection." + name;
        String type = get(prefix + ".type").orElse("");
        Optional<String> key = get(prefix + ".api-key");
        Optional<String> app = get(prefix + ".oauth");
        int before = findings.size();
        if (!TYPES.contains(type)) {
            findings.add(finding("%s.type=%s is no CRM this bridge knows%s; there are %s"
                    .formatted(prefix, type, NearestWord.hint(type, TYPES), String.join(", ", TYPES))));
            return Optional.empty();
        }
        if (app.isPresent()) {
            findingsOf(() -> oauth(name), findings);
        } else if (key.isEmpty()) {
            findings.add(finding(
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
            if (get(prefix + other).isPresent()) {
                findings.add(finding("%s%s is for connections of type intellivizz".formatted(prefix, other)));
            }
        }
        return baseUrl(prefix, "https://app.impactiveai.com", findings);
    }

    private Optional<URI> intellivizz(String name, List<Finding> findings) {
        String prefix = "bridge.connection." + name;
        boolean ofLocation = get(prefix + ".location-id").isPresent();
        boolean ofAgency = get(prefix + ".agency-id").isPresent();
        if (ofLocation && ofAgency
                || !ofLocation && !ofAgency && get(prefix + ".oauth").isEmpty()) {
            findings.add(finding(
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
        url.filter(it -> !it.getScheme().equals("https") && !LOOPBACK.contains(it.getHost()))
                .ifPresent(it -> findings.add(
                        finding("%s.base-url is not https: records and the key would go over the network in the clear"
                                .formatted(prefix))));
        return url;
    }

    private Optional<URI> baseUrl(String prefix, String usual, List<Finding> findings) {
        String base = get(prefix + ".base-url").orElse(usual);
        return url(prefix + ".base-url", base.endsWith("/") ? base.substring(0, base.length() - 1) : base, findings);
    }

    /** Whose key a connection of type intellivizz has, as far as that is configured. */
    public Account account(String connection) {
        String prefix = "bridge.connection." + connection;
        return new Account(get(prefix + ".location-id"), get(prefix + ".agency-id"));
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
            Optional<Path> file = get(key).map(text -> folder.resolve(text).normalize());
            if (file.filter(it -> !it.startsWith(folder.normalize())).isPresent()) {
                throw refused("%s leads out of the bundle".formatted(key));
            }
            try {
                return file.map(Catalogue::read).orElseGet(Catalogue::standard);
            } catch (IllegalArgumentException e) {
                throw new BundleException(e.getMessage()
                        .lines()
                        .map(line -> ofCatalogue(get(key).orElseThrow(), line))
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
        String text = get(prefix + ".quota")
                .orElse(get(prefix + ".type").filter("intellivizz"::equals).isPresent() ? INTELLIVIZZ_QUOTA : "none");
        try {
            return text.equals("none") ? Optional.empty() : Optional.of(QuotaLimits.parse(text));
        } catch (IllegalArgumentException e) {
            throw refused("%s.quota: %s, or none".formatted(prefix, e.getMessage()));
        }
    }

    /**
     * The OAuth app whose grant a connection calls with; empty where it has none.
     *
     * @throws BundleException when it is not complete, and when the connection has a key besides; says which key to set
     */
    public Optional<OAuthApp> oauth(String connection) {
        String prefix = "bridge.connection." + connection;
        Optional<String> app = get(prefix + ".oauth");
        if (app.isPresent() && get(prefix + ".api-key").isPresent()) {
            throw refused("%s.api-key and %s.oauth are both set: leave one of them out".formatted(prefix, prefix));
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
        return names("bridge.oauth.");
    }

    /** @throws BundleException when it is not complete; says which key to set */
    public OAuthApp oauthApp(String name) {
        String prefix = "bridge.oauth." + name;
        List<Finding> findings = new ArrayList<>();
        for (String key : List.of(".client-id", ".client-secret")) {
            if (get(prefix + key).isEmpty()) {
                findings.add(finding(
                        "%s%s is not set: the CRM shows it where the app is registered".formatted(prefix, key)));
            }
        }
        Optional<URI> redirect =
                get(prefix + ".redirect-uri").flatMap(text -> url(prefix + ".redirect-uri", text, findings));
        if (redirect.filter(uri -> !uri.getScheme().equals("https") && !OAuthApp.isLoopback(uri))
                .isPresent()) {
            findings.add(finding(
                    "%s.redirect-uri is not https: whoever reads the network would get the code; http is for 127.0.0.1 alone"
                            .formatted(prefix)));
        }
        if (!findings.isEmpty()) {
            throw new BundleException(findings);
        }
        return new OAuthApp(
                name,
                get(prefix + ".client-id").orElseThrow(),
                new Secret(get(prefix + ".client-secret").orElseThrow()),
                get(prefix + ".scopes")
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

    /** Empty when the hook has no url. */
    public Optional<HookSettings> hook(String name) {
        String prefix = "bridge.hook." + name;
        List<Finding> findings = new ArrayList<>();
        Optional<HookSettings> settings = get(prefix + ".url")
                .flatMap(text -> url(prefix + ".url", text, findings))
                .map(url -> new HookSettings(
                        url,
                        get(prefix + ".secret").map(Secret::new),
                        flag(prefix + ".allow-private", false),
                        headers(prefix + ".header."),
                        duration(prefix + ".timeout", Duration.ofSeconds(30))));
        if (!findings.isEmpty()) {
            throw new BundleException(findings);
        }
        return settings;
    }

    /** Empty when no key names the server. */
    public Optional<MailSettings> mail(String name) {
        if (!names("bridge.mail.").contains(name)) {
            return Optional.empty();
        }
        String prefix = "bridge.mail." + name;
        return Optional.of(new MailSettings(
                get(prefix + ".host"),
                get(prefix + ".port").map(text -> port(prefix + ".port", text)),
                get(prefix + ".username"),
                get(prefix + ".password").map(Secret::new),
                get(prefix + ".from"),
                Optional.ofNullable(values.get(prefix + ".to")),
                get(prefix + ".starttls").map(text -> startTls(prefix + ".starttls", text)),
                duration(prefix + ".timeout", MailSettings.USUAL_TIMEOUT)));
    }

    /** As usual where no key names the inbox. */
    public InboxSettings inbox(String name) {
        String prefix = "bridge.inbox." + name;
        InboxSettings usual = InboxSettings.USUAL;
        Optional<Secret> secret = get(prefix + ".secret").map(Secret::new);
        Optional<Signing> signing = get(prefix + ".signature").map(text -> signing(prefix + ".signature", text));
        Optional<PublicKey> publicKey =
                get(prefix + ".public-key").map(text -> publicKey(prefix + ".public-key", text));
        Optional<String> header = get(prefix + ".signature-header");
        boolean custom = signing.filter(Signing.CUSTOM::equals).isPresent();
        boolean byKey = signing.filter(Signing.HIGHLEVEL::equals).isPresent();
        if (custom && header.filter(text -> HEADER.matcher(text).matches()).isEmpty()) {
            throw refused(
                    "%s.signature=custom needs %s.signature-header: the name of the header that holds the signature"
                            .formatted(prefix, prefix));
        }
        if (header.isPresent() && !custom) {
            throw refused("%s.signature-header is only for %s.signature=custom".formatted(prefix, prefix));
        }
        if (custom && secret.isPresent() == publicKey.isPresent()) {
            throw refused(
                    "%s.signature=custom needs either %s.secret, for HMAC-SHA256, or %s.public-key, of Ed25519 or RSA"
                            .formatted(prefix, prefix, prefix));
        }
        if (signing.isPresent() && !byKey && !custom && secret.isEmpty()) {
            throw refused("%s.signature needs %s.secret, which is not set: who knows no secret signs nothing"
                    .formatted(prefix, prefix));
        }
        if (byKey && secret.isPresent()) {
            throw refused(
                    "%s.secret is of no use with %s.signature=highlevel, which is proved by a public key: leave it out"
                            .formatted(prefix, prefix));
        }
        if (publicKey.isPresent() && !byKey && !custom) {
            throw refused("%s.public-key is only for %s.signature=highlevel or custom".formatted(prefix, prefix));
        }
        Duration dedupe = duration(prefix + ".dedupe", usual.dedupe());
        return new InboxSettings(
                secret,
                signing.orElse(usual.signing()),
                publicKey,
                header,
                dedupe,
                size(prefix + ".max-body", usual.maxBody()),
                number(prefix + ".rate", usual.rate(), 1_000_000),
                origins(prefix + ".cors"),
                get(prefix + ".honeypot"));
    }

    /** How many may be enrolled into a sequence within a time. */
    public FloodGate.Limit floodGate() {
        Matcher rate = RATE.matcher(get("bridge.leads.flood-gate").orElse("100/1h"));
        try {
            if (rate.matches()) {
                Duration window = rate.group(2) == null ? Duration.ofHours(1) : TimeUtils.toDuration(rate.group(2));
                if (!window.isNegative() && !window.isZero()) {
                    return new FloodGate.Limit(Integer.parseInt(rate.group(1)), window);
                }
            }
        } catch (IllegalArgumentException e) {
            // Told below, like all else that is no rate.
        }
        throw new BundleException(List.of(
                finding("bridge.leads.flood-gate=%s is no number within a time: write for example 100/1h or 500/24h"
                        .formatted(values.get("bridge.leads.flood-gate")))));
    }

    private static BundleException refused(String what) {
        return new BundleException(List.of(finding(what)));
    }

    private static PublicKey publicKey(String key, String text) {
        try {
            return SignedByKey.key(text);
        } catch (IllegalArgumentException e) {
            throw refused(
                    "%s is no public key: it is one of Ed25519 or RSA, as PEM or as the base64 in it".formatted(key));
        }
    }

    private static Signing signing(String key, String text) {
        return Signing.ofWord(text)
                .orElseThrow(() -> new BundleException(List.of(finding("%s=%s is none of %s%s"
                        .formatted(
                                key,
                                text,
                                String.join(", ", Signing.words()),
                                NearestWord.hint(text, Signing.words()))))));
    }

    private int size(String key, int usual) {
        Optional<String> text = get(key);
        if (text.isEmpty()) {
            return usual;
        }
        Matcher size = BODY_SIZE.matcher(text.get());
        if (!size.matches()) {
            throw new BundleException(List.of(finding(
                    "%s=%s is no size from 1KB to 999MB: write for example 500KB or 10MB".formatted(key, text.get()))));
        }
        return Integer.parseInt(size.group(1)) << (size.group(2).equals("KB") ? 10 : 20);
    }

    private Set<String> origins(String key) {
        Set<String> origins = new TreeSet<>();
        for (String text : get(key).map(list -> list.split(",")).orElse(new String[0])) {
            if (!ORIGIN.matcher(text.strip()).matches()) {
                throw new BundleException(
                        List.of(finding("%s holds no origin: write for example https://www.example.com, without a path"
                                .formatted(key))));
            }
            origins.add(text.strip());
        }
        return origins;
    }

    private static StartTls startTls(String key, String text) {
        for (StartTls choice : StartTls.values()) {
            if (choice.name().toLowerCase(Locale.ROOT).equals(text)) {
                return choice;
            }
        }
        List<String> choices = List.of("required", "offered", "never");
        throw new BundleException(List.of(finding("%s=%s is none of %s%s"
                .formatted(key, text, String.join(", ", choices), NearestWord.hint(text, choices)))));
    }

    private static int port(String key, String text) {
        try {
            int port = Integer.parseInt(text);
            if (port > 0 && port < 65_536) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Told below, like a number out of bounds.
        }
        throw new BundleException(
                List.of(finding("%s=%s is no port: write a number from 1 to 65535".formatted(key, text))));
    }

    /** Names of the hooks that have any key set. */
    Set<String> hooks() {
        return names("bridge.hook.");
    }

    /** Names of the inboxes that have any key set. */
    Set<String> inboxes() {
        return names("bridge.inbox.");
    }

    /** Keys that are for one route. */
    List<String> routeKeys() {
        return values.keySet().stream()
                .filter(key -> key.startsWith("bridge.route."))
                .sorted()
                .toList();
    }

    /** Empty when the data source has no url. */
    Optional<DataSourceSettings> dataSource(String name) {
        String prefix = "bridge.datasource." + name;
        Optional<String> url = get(prefix + ".url");
        if (url.filter(text -> !text.startsWith("jdbc:")).isPresent()) {
            throw new BundleException(List.of(finding(
                    "%s.url is no JDBC URL: write for example jdbc:postgresql://host/database".formatted(prefix))));
        }
        return url.map(text -> new DataSourceSettings(
                name,
                text,
                get(prefix + ".username"),
                get(prefix + ".password").map(Secret::new),
                get(prefix + ".driver"),
                number(prefix + ".max-connections", 4)));
    }

    /** Names of the data sources that have any key, also an empty one. */
    Set<String> dataSources() {
        return names("bridge.datasource.");
    }

    private Map<String, String> headers(String prefix) {
        Map<String, String> headers = new LinkedHashMap<>();
        values.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                headers.put(key.substring(prefix.length()), value);
            }
        });
        return headers;
    }

    private Set<String> names(String prefix) {
        return values.keySet().stream()
                .filter(key -> key.startsWith(prefix))
                .map(key -> key.substring(prefix.length()).split("\\.")[0])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Optional<URI> url(String key, String text, List<Finding> findings) {
        try {
            URI url = URI.create(text);
            if (("http".equals(url.getScheme()) || "https".equals(url.getScheme())) && url.getHost() != null) {
                return Optional.of(url);
            }
        } catch (IllegalArgumentException e) {
            // Told below, like every other text that is no URL.
        }
        findings.add(finding("%s is no URL: write for example https://example.com/path".formatted(key)));
        return Optional.empty();
    }

    private boolean flag(String key, boolean usual) {
        String text = get(key).orElse(Boolean.toString(usual));
        if (!text.equals("true") && !text.equals("false")) {
            throw new BundleException(List.of(finding("%s=%s is neither true nor false".formatted(key, text))));
        }
        return text.equals("true");
    }

    private int number(String key, int usual) {
        return number(key, usual, 1024);
    }

    private int number(String key, int usual, int most) {
        try {
            int number = get(key).map(Integer::parseInt).orElse(usual);
            if (number > 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, like a number out of bounds.
        }
        throw new BundleException(
                List.of(finding("%s=%s is no number from 1 to %d".formatted(key, values.get(key), most))));
    }

    private Duration duration(String key, Duration usual) {
        try {
            Duration duration = get(key).map(TimeUtils::toDuration).orElse(usual);
            if (!duration.isNegative() && !duration.isZero()) {
                return duration;
            }
        } catch (RuntimeException e) {
            // Told below, like a duration that is not positive.
        }
        throw new BundleException(List.of(
                finding("%s=%s is no duration: write for example 30s, 5m or 1h".formatted(key, values.get(key)))));
    }

    private static Finding finding(String text) {
        return new Finding("application.properties", 0, text);
    }
}
