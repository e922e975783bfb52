package io.crmbridge.bundle;

import io.crmbridge.component.NearestWord;
import io.crmbridge.component.hook.HookSettings;
import io.crmbridge.component.inbox.InboxSettings;
import io.crmbridge.component.inbox.SignedByKey;
import io.crmbridge.component.inbox.Signing;
import io.crmbridge.component.mail.MailSettings;
import io.crmbridge.component.mail.MailSettings.StartTls;
import io.crmbridge.crm.CrmHttp;
import io.crmbridge.crm.Secret;
import io.crmbridge.feed.FeedSettings;
import io.crmbridge.lead.FloodGate;
import io.crmbridge.state.StoreSettings;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.util.TimeUtils;

/** A bundle's {@code bridge.*} keys, resolved and checked. Immutable. Thread-safe. */
public final class BridgeConfig {
    private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,6})(MB|GB)");
    private static final Pattern RATE = Pattern.compile("(\\d{1,9})(?:/(\\d+[smhd]))?");
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9-]{1,64}");
    private static final Pattern ORIGIN = Pattern.compile("https?://[a-z0-9.-]+(:\\d{1,5})?");
    private static final Pattern POSTGRES = Pattern.compile("jdbc:postgresql:\\S+");
    private static final Pattern SECRET_IN_URL = Pattern.compile("(?i)password=|//[^/?]*@");
    private static final int SHORTEST_TOKEN = 16;
    private static final Duration SHORTEST_TAKEOVER = Duration.ofSeconds(2);

    private static final String CONNECTION = "bridge.connection.";
    /** What the process is made of, and not a route. */
    private static final List<String> AT_START = List.of(
            CONNECTION,
            "bridge.oauth.",
            "bridge.store.",
            "bridge.log.",
            "bridge.feed.",
            "bridge.crm.",
            "bridge.export.",
            "bridge.leads.",
            "bridge.schedule.",
            "bridge.events.",
            "bridge.api.");

    private final Keys keys;
    private final ConnectionKeys connections;

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
        this.keys = new Keys(Map.copyOf(all));
        this.connections = new ConnectionKeys(keys, folder);
    }

    /** Keys that are read when a bridge starts and not again, and that differ from another version's; those of new connections are none. */
    public List<String> differingAtStart(BridgeConfig before) {
        Set<String> all = new TreeSet<>(keys.values().keySet());
        all.addAll(before.keys.values().keySet());
        Set<String> known = before.keys.names(CONNECTION);
        return all.stream()
                .filter(key -> AT_START.stream().anyMatch(key::startsWith))
                .filter(key -> !key.startsWith(CONNECTION)
                        || known.contains(key.substring(CONNECTION.length()).split("\\.")[0]))
                .filter(key -> !value(key).equals(before.value(key))
                        || key.endsWith(".catalogue")
                                && !connections.catalogueText(key).equals(before.connections.catalogueText(key)))
                .toList();
    }

    /** Every key with this beginning, also one that is set to nothing. */
    Map<String, String> values(String prefix) {
        Map<String, String> found = new TreeMap<>(keys.values());
        found.keySet().removeIf(key -> !key.startsWith(prefix));
        return found;
    }

    public String bundle() {
        return keys.get("bridge.bundle").orElse("default");
    }

    /** As it is written, which need not be a semantic version. */
    public Optional<String> version() {
        return keys.get("bridge.bundle.version");
    }

    /**
     * What shows that a request to the HTTP API may deploy; empty where the bridge makes one.
     *
     * @throws BundleException when it is too short to be a secret
     */
    public Optional<Secret> apiToken() {
        Optional<String> token = keys.get("bridge.api.token");
        if (token.filter(text -> text.length() < SHORTEST_TOKEN).isPresent()) {
            throw Keys.refused(
                    "bridge.api.token is shorter than %d characters: write for example what openssl rand -hex 32 makes, or leave it out and let the bridge make one"
                            .formatted(SHORTEST_TOKEN));
        }
        return token.map(Secret::new);
    }

    /** The files in the bundle that keys name as catalogues. */
    public Set<String> catalogueFiles() {
        return keys.values().keySet().stream()
                .filter(key -> key.endsWith(".catalogue"))
                .flatMap(key -> keys.get(key).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    public Optional<String> exportDir() {
        return keys.get("bridge.export.dir");
    }

    public boolean allowFastPoll() {
        return keys.flag("bridge.allow-fast-poll", false);
    }

    public boolean isRouteEnabled(String routeId) {
        return keys.flag("bridge.route." + routeId + ".enabled", true);
    }

    /** Names of RouteBuilder classes. */
    public List<String> javaRoutes() {
        return keys.get("bridge.routes.java")
                .map(text -> Arrays.stream(text.split(","))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .toList())
                .orElse(List.of());
    }

    /** How often each route is expected to succeed, by its id; routes of which nothing is said are left out. */
    public Map<String, Duration> expectations() {
        Map<String, Duration> expected = new TreeMap<>();
        for (String route : keys.names("bridge.route.")) {
            String key = "bridge.route." + route + ".expect-every";
            if (keys.get(key).isPresent()) {
                expected.put(route, keys.duration(key, Duration.ZERO));
            }
        }
        return expected;
    }

    public Duration reminder() {
        return keys.duration("bridge.events.reminder", Duration.ofHours(24));
    }

    /** Whether a fire that was missed while the bridge was down is made up for. */
    public boolean catchUp() {
        String text = keys.get("bridge.schedule.misfire").orElse("once");
        if (!List.of("once", "skip").contains(text)) {
            throw new BundleException(
                    List.of(Keys.finding("bridge.schedule.misfire=%s is neither once nor skip".formatted(text))));
        }
        return text.equals("once");
    }

    public FeedSettings feedSettings() {
        Set<String> ignored = keys.get("bridge.feed.ignore-fields")
                .map(text -> Arrays.stream(text.split(",")).map(String::strip).collect(Collectors.toSet()))
                .orElse(Set.of());
        return new FeedSettings(
                keys.duration("bridge.feed.lateness", Duration.ofMinutes(5)),
                ignored,
                keys.duration("bridge.crm.settle", Duration.ofSeconds(30)));
    }

    public CrmHttp.Limits limits() {
        int megabytes = keys.number("bridge.crm.max-answer", 16);
        return new CrmHttp.Limits(
                megabytes << 20, Duration.ofSeconds(10), keys.duration("bridge.crm.timeout", Duration.ofSeconds(60)));
    }

    public Duration logKeep() {
        return keys.duration("bridge.log.keep", Duration.ofDays(30));
    }

    /** In bytes. */
    public long logMaxSize() {
        Matcher size = SIZE.matcher(keys.get("bridge.log.max-size").orElse("10GB"));
        if (!size.matches()) {
            throw new BundleException(
                    List.of(Keys.finding("bridge.log.max-size=%s is no size: write for example 500MB or 10GB"
                            .formatted(keys.values().get("bridge.log.max-size")))));
        }
        return Long.parseLong(size.group(1)) << (size.group(2).equals("MB") ? 20 : 30);
    }

    /** Where the store is. */
    public StoreSettings store() {
        Optional<String> url = keys.get("bridge.store.url");
        if (url.filter(text -> !POSTGRES.matcher(text).matches()).isPresent()) {
            throw new BundleException(
                    List.of(
                            Keys.finding(
                                    "bridge.store.url is no PostgreSQL address: write for example"
                                            + " jdbc:postgresql://host/database, and leave it out to keep the store in the data folder")));
        }
        if (url.filter(text -> SECRET_IN_URL.matcher(text).find()).isPresent()) {
            throw new BundleException(
                    List.of(Keys.finding("bridge.store.url holds a password, and is shown and written down:"
                            + " put the password into bridge.store.password or BRIDGE_STORE_PASSWORD")));
        }
        Duration takeover = keys.duration("bridge.store.takeover", StoreSettings.IN_THE_FOLDER.takeover());
        if (takeover.compareTo(SHORTEST_TAKEOVER) < 0) {
            throw new BundleException(List.of(Keys.finding("bridge.store.takeover=%s is shorter than 2s: a pause of the"
                            .formatted(keys.values().get("bridge.store.takeover"))
                    + " network would look like a dead bridge")));
        }
        return new StoreSettings(
                url,
                keys.get("bridge.store.username"),
                keys.get("bridge.store.password"),
                takeover,
                keys.get("bridge.store.key"),
                keys.get("bridge.store.key-file").map(Path::of).map(Path::toAbsolutePath));
    }

    /** What is said of connections and of apps that they call with. */
    public ConnectionKeys crm() {
        return connections;
    }

    /** Empty when the hook has no url. */
    public Optional<HookSettings> hook(String name) {
        String prefix = "bridge.hook." + name;
        List<Finding> findings = new ArrayList<>();
        Optional<HookSettings> settings = keys.get(prefix + ".url")
                .flatMap(text -> Keys.url(prefix + ".url", text, findings))
                .map(url -> new HookSettings(
                        url,
                        keys.get(prefix + ".secret").map(Secret::new),
                        keys.flag(prefix + ".allow-private", false),
                        keys.headers(prefix + ".header."),
                        keys.duration(prefix + ".timeout", Duration.ofSeconds(30))));
        if (!findings.isEmpty()) {
            throw new BundleException(findings);
        }
        return settings;
    }

    /** Empty when no key names the server. */
    public Optional<MailSettings> mail(String name) {
        if (!keys.names("bridge.mail.").contains(name)) {
            return Optional.empty();
        }
        String prefix = "bridge.mail." + name;
        return Optional.of(new MailSettings(
                keys.get(prefix + ".host"),
                keys.get(prefix + ".port").map(text -> port(prefix + ".port", text)),
                keys.get(prefix + ".username"),
                keys.get(prefix + ".password").map(Secret::new),
                keys.get(prefix + ".from"),
                Optional.ofNullable(keys.values().get(prefix + ".to")),
                keys.get(prefix + ".starttls").map(text -> startTls(prefix + ".starttls", text)),
                keys.duration(prefix + ".timeout", MailSettings.USUAL_TIMEOUT)));
    }

    /** As usual where no key names the inbox. */
    public InboxSettings inbox(String name) {
        String prefix = "bridge.inbox." + name;
        InboxSettings usual = InboxSettings.USUAL;
        Optional<Secret> secret = keys.get(prefix + ".secret").map(Secret::new);
        Optional<Signing> signing = keys.get(prefix + ".signature").map(text -> signing(prefix + ".signature", text));
        Optional<PublicKey> publicKey =
                keys.get(prefix + ".public-key").map(text -> publicKey(prefix + ".public-key", text));
        Optional<String> header = keys.get(prefix + ".signature-header");
        boolean custom = signing.filter(Signing.CUSTOM::equals).isPresent();
        boolean byKey = signing.filter(Signing.HIGHLEVEL::equals).isPresent();
        if (custom && header.filter(text -> HEADER.matcher(text).matches()).isEmpty()) {
            throw Keys.refused(
                    "%s.signature=custom needs %s.signature-header: the name of the header that holds the signature"
                            .formatted(prefix, prefix));
        }
        if (header.isPresent() && !custom) {
            throw Keys.refused("%s.signature-header is only for %s.signature=custom".formatted(prefix, prefix));
        }
        if (custom && secret.isPresent() == publicKey.isPresent()) {
            throw Keys.refused(
                    "%s.signature=custom needs either %s.secret, for HMAC-SHA256, or %s.public-key, of Ed25519 or RSA"
                            .formatted(prefix, prefix, prefix));
        }
        if (signing.isPresent() && !byKey && !custom && secret.isEmpty()) {
            throw Keys.refused("%s.signature needs %s.secret, which is not set: who knows no secret signs nothing"
                    .formatted(prefix, prefix));
        }
        if (byKey && secret.isPresent()) {
            throw Keys.refused(
                    "%s.secret is of no use with %s.signature=highlevel, which is proved by a public key: leave it out"
                            .formatted(prefix, prefix));
        }
        if (publicKey.isPresent() && !byKey && !custom) {
            throw Keys.refused("%s.public-key is only for %s.signature=highlevel or custom".formatted(prefix, prefix));
        }
        Duration dedupe = keys.duration(prefix + ".dedupe", usual.dedupe());
        return new InboxSettings(
                secret,
                signing.orElse(usual.signing()),
                publicKey,
                header,
                dedupe,
                keys.size(prefix + ".max-body", usual.maxBody()),
                keys.number(prefix + ".rate", usual.rate(), 1_000_000),
                origins(prefix + ".cors"),
                keys.get(prefix + ".honeypot"));
    }

    /** How many may be enrolled into a sequence within a time. */
    public FloodGate.Limit floodGate() {
        Matcher rate = RATE.matcher(keys.get("bridge.leads.flood-gate").orElse("100/1h"));
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
        throw new BundleException(List.of(Keys.finding(
                "bridge.leads.flood-gate=%s is no number within a time: write for example 100/1h or 500/24h"
                        .formatted(keys.values().get("bridge.leads.flood-gate")))));
    }

    private static PublicKey publicKey(String key, String text) {
        try {
            return SignedByKey.key(text);
        } catch (IllegalArgumentException e) {
            throw Keys.refused(
                    "%s is no public key: it is one of Ed25519 or RSA, as PEM or as the base64 in it".formatted(key));
        }
    }

    private static Signing signing(String key, String text) {
        return Signing.ofWord(text)
                .orElseThrow(() -> new BundleException(List.of(Keys.finding("%s=%s is none of %s%s"
                        .formatted(
                                key,
                                text,
                                String.join(", ", Signing.words()),
                                NearestWord.hint(text, Signing.words()))))));
    }

    private Set<String> origins(String key) {
        Set<String> origins = new TreeSet<>();
        for (String text : keys.get(key).map(list -> list.split(",")).orElse(new String[0])) {
            if (!ORIGIN.matcher(text.strip()).matches()) {
                throw new BundleException(List.of(
                        Keys.finding("%s holds no origin: write for example https://www.example.com, without a path"
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
        throw new BundleException(List.of(Keys.finding("%s=%s is none of %s%s"
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
                List.of(Keys.finding("%s=%s is no port: write a number from 1 to 65535".formatted(key, text))));
    }

    /** Names of the hooks that have any key set. */
    Set<String> hooks() {
        return keys.names("bridge.hook.");
    }

    /** Names of the mail servers that have any key set. */
    Set<String> mails() {
        return keys.names("bridge.mail.");
    }

    /** A key's value as it was resolved; empty where it has none. */
    Optional<String> value(String key) {
        return keys.get(key);
    }

    /** Names of the inboxes that have any key set. */
    Set<String> inboxes() {
        return keys.names("bridge.inbox.");
    }

    /** Keys that are for one route. */
    List<String> routeKeys() {
        return keys.values().keySet().stream()
                .filter(key -> key.startsWith("bridge.route."))
                .sorted()
                .toList();
    }

    /** Empty when the data source has no url. */
    Optional<DataSourceSettings> dataSource(String name) {
        String prefix = "bridge.datasource." + name;
        Optional<String> url = keys.get(prefix + ".url");
        if (url.filter(text -> !text.startsWith("jdbc:")).isPresent()) {
            throw new BundleException(List.of(Keys.finding(
                    "%s.url is no JDBC URL: write for example jdbc:postgresql://host/database".formatted(prefix))));
        }
        return url.map(text -> new DataSourceSettings(
                name,
                text,
                keys.get(prefix + ".username"),
                keys.get(prefix + ".password").map(Secret::new),
                keys.get(prefix + ".driver"),
                keys.number(prefix + ".max-connections", 4)));
    }

    /** Names of the data sources that have any key, also an empty one. */
    Set<String> dataSources() {
        return keys.names("bridge.datasource.");
    }
}
