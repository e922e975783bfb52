package io.crmbridge.bundle;

import io.crmbridge.component.NearestWord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Every {@code bridge.*} key there is. The documentation's table is made from this list. */
public final class BridgeKeys {

    /**
     * @param name with {@code <name>} where a connection, a hook, an inbox, a data source or a route is named
     * @param usual the default, empty if there is none
     */
    public record Key(String name, String kind, String usual, String meaning) {
        boolean matches(String key) {
            return pattern().matcher(key).matches();
        }

        private Pattern pattern() {
            return Pattern.compile(Pattern.quote(name)
                    .replace("<name>", "\\E[A-Za-z0-9_-]+\\Q")
                    .replace("<header>", "\\E[A-Za-z0-9_-]+\\Q"));
        }

        /** The name as an environment variable has it: {@code BRIDGE_CONNECTION_<name>_API_KEY}. */
        private Pattern environmentPattern() {
            return Pattern.compile(name.replace("<header>", "<name>")
                    .toUpperCase(Locale.ROOT)
                    .replace('.', '_')
                    .replace('-', '_')
                    .replace("<NAME>", "([A-Z0-9_]+?)"));
        }
    }

    public static final List<Key> ALL = List.of(
            new Key(
                    "bridge.bundle",
                    "name",
                    "default",
                    "Name of the bundle. Places of routes are kept under it, so do not change it lightly."),
            new Key(
                    "bridge.bundle.version",
                    "semantic version",
                    "",
                    "Version of the bundle, for example 1.2.0. bundle pack and deploy need it, or --version."),
            new Key(
                    "bridge.connection.<name>.type",
                    "impactiveai, intellivizz",
                    "",
                    "Which CRM this connection is to."),
            new Key(
                    "bridge.connection.<name>.base-url",
                    "URL",
                    "https://app.impactiveai.com; of intellivizz: the catalogue's",
                    "Where the workspace is served: the standard address, or its own domain."),
            new Key(
                    "bridge.connection.<name>.api-key",
                    "secret",
                    "",
                    "The key of the workspace: in ImpactiveAI under Workspace Settings, Integrations, API Keys; in Intellivizz"
                            + " under Settings, API & Webhooks."),
            new Key(
                    "bridge.connection.<name>.location-id",
                    "id",
                    "",
                    "Of type intellivizz: the location whose key it is. It is the connection's identity."),
            new Key(
                    "bridge.connection.<name>.agency-id",
                    "id",
                    "",
                    "Of type intellivizz, instead of .location-id: the agency whose key it is; routes then say locations= or"
                            + " location=."),
            new Key(
                    "bridge.connection.<name>.catalogue",
                    "file in the bundle",
                    "",
                    "Of type intellivizz: which operations are called otherwise than assumed; `catalogue import` makes one of the"
                            + " collection that Intellivizz gives its customers."),
            new Key(
                    "bridge.connection.<name>.quota",
                    "calls/time, comma-separated",
                    "none, of intellivizz: 30/10s,100/1m,100000/1d",
                    "How many calls the key may make within any such time, over all routes and restarts. none: as many as"
                            + " there are to make, until the CRM refuses some."),
            new Key(
                    "bridge.connection.<name>.oauth",
                    "name",
                    "",
                    "The OAuth app whose grant the connection calls with, in the place of a key: see auth login."),
            new Key("bridge.oauth.<name>.client-id", "text", "", "The id of an app that is registered with the CRM."),
            new Key("bridge.oauth.<name>.client-secret", "secret", "", "Its secret."),
            new Key(
                    "bridge.oauth.<name>.scopes",
                    "words, separated by blanks or commas",
                    "what the routes need",
                    "What consent is asked for."),
            new Key(
                    "bridge.oauth.<name>.base-url",
                    "URL",
                    "the catalogue's",
                    "Where those who install the app are served."),
            new Key(
                    "bridge.oauth.<name>.catalogue",
                    "file in the bundle",
                    "",
                    "Which operations their connections call otherwise than assumed."),
            new Key(
                    "bridge.oauth.<name>.redirect-uri",
                    "URL",
                    "a free port of this machine",
                    "The redirect URI that the app is registered with: https, or http to 127.0.0.1. For installs from"
                            + " elsewhere https://<your host>/oauth/<name>/callback, which a reverse proxy takes to the"
                            + " bridge."),
            new Key("bridge.hook.<name>.url", "URL", "", "Where hook:<name> posts to. Without it its routes stay off."),
            new Key(
                    "bridge.hook.<name>.secret",
                    "secret",
                    "",
                    "Signs each webhook (Standard Webhooks 1.0): whsec_ and base64, or any text."),
            new Key(
                    "bridge.hook.<name>.allow-private",
                    "true, false",
                    "false",
                    "Whether the hook may point to loopback or a private network."),
            new Key("bridge.hook.<name>.timeout", "duration", "30s", "How long the target may take to answer."),
            new Key("bridge.hook.<name>.header.<header>", "text", "", "A header sent with each webhook of this name."),
            new Key(
                    "bridge.routes.java",
                    "class names, comma-separated",
                    "",
                    "RouteBuilder classes in the jars of lib/ whose routes run beside those of routes/."),
            new Key(
                    "bridge.datasource.<name>.url",
                    "JDBC URL",
                    "",
                    "The database of sql:...?dataSource=#<name>, for example jdbc:postgresql://host/database. Without it"
                            + " its routes stay off."),
            new Key("bridge.datasource.<name>.username", "text", "", "Who connects to the database."),
            new Key("bridge.datasource.<name>.password", "secret", "", "The password to it."),
            new Key(
                    "bridge.datasource.<name>.driver",
                    "Java class",
                    "",
                    "The driver's class, where the URL alone does not find it; a driver of lib/ is found there."),
            new Key(
                    "bridge.datasource.<name>.max-connections",
                    "number",
                    "4",
                    "Most connections to the database at a time."),
            new Key(
                    "bridge.mail.<name>.host",
                    "host",
                    "",
                    "The mail server that routes call smtp:<name> or smtps:<name>. Without it those routes stay off."),
            new Key("bridge.mail.<name>.port", "number", "25, of smtps: 465", "Its port; submission is often 587."),
            new Key("bridge.mail.<name>.username", "text", "", "Who logs in; nobody unless it is set."),
            new Key("bridge.mail.<name>.password", "secret", "", "The password of that login."),
            new Key(
                    "bridge.mail.<name>.from",
                    "address",
                    "",
                    "The sender, for example CRM <crm@example.com>, unless the route says from."),
            new Key(
                    "bridge.mail.<name>.to",
                    "addresses, comma-separated",
                    "",
                    "The recipients, unless the route says to, cc or bcc. Where nothing does, the headers To, Cc and Bcc"
                            + " name them."),
            new Key(
                    "bridge.mail.<name>.starttls",
                    "required, offered, never",
                    "required with a user name, else offered",
                    "Whether smtp: encrypts. required: a server that cannot is refused; offered: where the server can."),
            new Key(
                    "bridge.mail.<name>.timeout",
                    "duration",
                    "60s",
                    "How long the server may take to connect, and for each answer."),
            new Key(
                    "bridge.inbox.<name>.secret",
                    "secret",
                    "",
                    "What a sender to POST /inbox/<name> shows that it knows. Without it only requests of this machine are"
                            + " taken."),
            new Key(
                    "bridge.inbox.<name>.signature",
                    "bearer, standard-webhooks, github, highlevel, custom",
                    "bearer",
                    "How it shows it: as a bearer token, or by a signature as of Standard Webhooks 1.0 or of GitHub. A webhook"
                            + " of HighLevel has a signature that needs no secret; custom: by what the next two keys say."),
            new Key(
                    "bridge.inbox.<name>.signature-header",
                    "header",
                    "",
                    "Of custom: the header with the signature over the body, in base64 or hexadecimal digits: HMAC-SHA256 with the"
                            + " secret, or Ed25519 or RSA-SHA256 by the public key, whose kind tells which."),
            new Key(
                    "bridge.inbox.<name>.public-key",
                    "PEM or base64",
                    "with highlevel: that of HighLevel",
                    "The public key that proves signatures of highlevel or custom: with highlevel Ed25519 for X-GHL-Signature, RSA for the older"
                            + " X-WH-Signature."),
            new Key(
                    "bridge.inbox.<name>.dedupe",
                    "duration",
                    "24h",
                    "For how long an entry's key is remembered: another entry with it is acknowledged and not appended."),
            new Key("bridge.inbox.<name>.max-body", "size in KB or MB", "1MB", "The largest request that is taken."),
            new Key("bridge.inbox.<name>.rate", "number", "600", "Most requests a minute."),
            new Key(
                    "bridge.inbox.<name>.cors",
                    "origins, comma-separated",
                    "",
                    "Pages that may post from a browser, for example https://www.example.com."),
            new Key(
                    "bridge.inbox.<name>.honeypot",
                    "name of a field",
                    "",
                    "A field that a form hides from people: an entry that fills it in is answered as if it were taken, and"
                            + " dropped."),
            new Key(
                    "bridge.leads.flood-gate",
                    "number/duration",
                    "100/1h",
                    "How many may be enrolled into a sequence within a time; more wait for leads release. With 0/1h all do."),
            new Key("bridge.route.<name>.enabled", "true, false", "true", "false switches a route off by its id."),
            new Key(
                    "bridge.route.<name>.expect-every",
                    "duration",
                    "",
                    "How often the route is expected to succeed: when nothing went through for longer, that is an event of the"
                            + " kind stale."),
            new Key(
                    "bridge.events.reminder",
                    "duration",
                    "24h",
                    "How long something that is not well lasts until events: tells it again."),
            new Key(
                    "bridge.schedule.misfire",
                    "once, skip",
                    "once",
                    "What becomes of fires of quartz: routes that were due while the bridge was down: once makes up for the"
                            + " last one at the next start."),
            new Key(
                    "bridge.api.token",
                    "secret",
                    "made, in <data>/api-token",
                    "What whoever deploys over HTTP must know, best as BRIDGE_API_TOKEN: at least 16 characters."),
            new Key(
                    "bridge.export.dir",
                    "folder",
                    "<data>/exports/<bundle>",
                    "Where export: writes, and nowhere else."),
            new Key(
                    "bridge.allow-fast-poll",
                    "true, false",
                    "false",
                    "Allows a delay under 30 s, which spends the key's quota."),
            new Key(
                    "bridge.feed.lateness",
                    "duration",
                    "5m",
                    "How far below the proven point each poll reads again. What the CRM commits later than this is"
                            + " outside the proof."),
            new Key(
                    "bridge.feed.ignore-fields",
                    "names, comma-separated",
                    "",
                    "Top-level fields whose change alone makes no new version."),
            new Key("bridge.crm.max-answer", "megabytes", "16", "The largest answer of a CRM that is read."),
            new Key("bridge.crm.timeout", "duration", "60s", "How long a CRM may take to answer."),
            new Key(
                    "bridge.crm.settle",
                    "duration",
                    "30s",
                    "How long a CRM may take to carry out a write whose answer is missing. Then it is looked up; until"
                            + " that is done, nothing else is created on the connection."),
            new Key(
                    "bridge.store.url",
                    "URL",
                    "a file in the data folder",
                    "A PostgreSQL database that keeps the store instead: jdbc:postgresql://host/database, with the"
                            + " driver's parameters behind it, such as sslmode=verify-full&sslrootcert=FILE."),
            new Key("bridge.store.username", "name", "", "The database's user, who may make tables in its schema."),
            new Key(
                    "bridge.store.password",
                    "secret",
                    "",
                    "Best as BRIDGE_STORE_PASSWORD, where commands find it too."),
            new Key(
                    "bridge.store.key",
                    "secret",
                    "",
                    "What encrypts OAuth tokens in the store, best as BRIDGE_STORE_KEY: 32 bytes in base64, or a Tink"
                            + " keyset in base64. Bridges on one database need the same."),
            new Key(
                    "bridge.store.key-file",
                    "file",
                    "<data>/store.key",
                    "Where that key is unless it is given; made when it is first needed. Keep a copy of it."),
            new Key(
                    "bridge.store.takeover",
                    "duration",
                    "15s",
                    "How long the active bridge may give no sign of life before one that stands by takes over."),
            new Key(
                    "bridge.log.keep",
                    "duration",
                    "30d",
                    "How long changes stay in the log. What a route has not read, and the latest version of each record,"
                            + " stay longer."),
            new Key(
                    "bridge.log.max-size",
                    "size in MB or GB",
                    "10GB",
                    "Above it the oldest changes go sooner, but never what a route has not read."));

    private BridgeKeys() {}

    /** @return a sentence for each key that does not exist, with the nearest that does */
    static List<String> unknown(Iterable<String> keys) {
        List<String> findings = new ArrayList<>();
        for (String key : keys) {
            if (key.startsWith("bridge.") && ALL.stream().noneMatch(known -> known.matches(key))) {
                findings.add("no key %s%s".formatted(key, hint(key)));
            }
        }
        return findings;
    }

    private static String hint(String key) {
        String[] parts = key.split("\\.");
        List<String> candidates = ALL.stream()
                .map(known -> parts.length > 2
                        ? known.name().replaceFirst("<name>", Matcher.quoteReplacement(parts[2]))
                        : known.name())
                .toList();
        return NearestWord.hint(key, candidates);
    }

    /** The key that an environment variable stands for, by one of the keys already set or made of its own words. */
    static Optional<String> ofEnvironment(String variable, Map<String, String> set) {
        for (String key : set.keySet()) {
            if (key.startsWith("bridge.")
                    && key.toUpperCase(Locale.ROOT)
                            .replace('.', '_')
                            .replace('-', '_')
                            .equals(variable)) {
                return Optional.of(key);
            }
        }
        for (Key known : ALL) {
            Matcher match = known.environmentPattern().matcher(variable);
            if (match.matches()) {
                String key = known.name();
                for (int group = 1; group <= match.groupCount(); group++) {
                    String name = match.group(group).toLowerCase(Locale.ROOT).replace('_', '-');
                    key = key.replaceFirst("<name>|<header>", Matcher.quoteReplacement(name));
                }
                return Optional.of(key);
            }
        }
        return Optional.empty();
    }
}
