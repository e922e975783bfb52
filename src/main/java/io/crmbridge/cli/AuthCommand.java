package io.crmbridge.cli;

import io.crmbridge.bundle.BridgeConfig;
import io.crmbridge.bundle.BundleReader;
import io.crmbridge.crm.oauth.OAuthApp;
import io.crmbridge.crm.oauth.OAuthEndpoints;
import io.crmbridge.crm.oauth.OAuthFlow;
import io.crmbridge.crm.oauth.OAuthInstall;
import io.crmbridge.state.Store;
import io.crmbridge.state.Tokens.Entry;
import io.crmbridge.state.Tokens.Issued;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "auth",
        mixinStandardHelpOptions = true,
        description = "Consents of connections that call with OAuth in the place of a key.")
final class AuthCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which one: login, status or logout?");
    }

    @Command(
            name = "login",
            mixinStandardHelpOptions = true,
            description = "Asks a person for consent in a browser, and stores what the CRM grants, encrypted.")
    int login(
            @Mixin DataOption data,
            @Option(names = "--connection", paramLabel = "NAME", description = "The connection (default).")
                    String connection,
            @Mixin BundleOption bundle,
            @Option(
                            names = "--no-browser",
                            description =
                                    "For a machine without one: open the address elsewhere, and paste the address that it ends at.")
                    boolean noBrowser,
            @Option(
                            names = "--for",
                            paramLabel = "DURATION",
                            converter = Durations.class,
                            defaultValue = "5m",
                            description = "How long to wait for the consent (${DEFAULT-VALUE}).")
                    Duration limit) {
        String name = connection == null ? "default" : connection;
        BundleReader.Reading reading = BundleReader.read(bundle.choose(data).bundle(), System.getenv());
        BridgeConfig config = reading.config();
        boolean isInstall =
                config.crm().oauth(name).isEmpty() && appOfInstall(config, name).isPresent();
        OAuthApp app = config.crm()
                .oauth(name)
                .or(() -> appOfInstall(config, name))
                .orElseThrow(() -> new CommandException(
                        ExitCodes.USAGE,
                        "connection %s does not call with OAuth: set bridge.connection.%s.oauth to the name of an app, and bridge.oauth.<that name>.client-id and .client-secret"
                                .formatted(name, name)));
        Set<String> needed = app.scopes().isEmpty() ? reading.scopesOf(Set.of(app.name())) : app.scopes();
        if (needed.isEmpty()) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "there is nothing to ask for, for no route calls with it: set bridge.oauth.%s.scopes, for example to contacts.read"
                            .formatted(app.name()));
        }
        Clock clock = Clock.systemUTC();
        OAuthEndpoints endpoints = isInstall
                ? OAuthConnections.endpoints(config, app.name())
                : OAuthConnections.endpoints(config.crm().catalogue(name), baseUrl(config, name));
        try (OAuthFlow flow = new OAuthFlow(app, endpoints, OAuthFlow.LIMITS, clock)) {
            Issued issued = new ConsentInBrowser(flow, needed, out(), limit).ask(noBrowser);
            if (isInstall && !name.equals(OAuthInstall.connection(app.name(), issued.identity()))) {
                throw new CommandException(
                        ExitCodes.FAILED,
                        "this consent is of %s, and connection %s of another one; nothing is stored: run it again, and choose the one that it is named after"
                                .formatted(issued.identity().isEmpty() ? "nobody knows whom" : who(issued), name));
            }
            new StoredGrants(data.folder, config.store(), clock).save(name, app.name(), issued);
            out().println("connection %s may call now%s"
                    .formatted(name, issued.identity().isEmpty() ? "" : ", for %s".formatted(who(issued))));
            Set<String> missing = new TreeSet<>(needed);
            missing.removeAll(issued.scopes());
            if (!missing.isEmpty()) {
                out().println("not granted: " + String.join(" ", missing));
            }
        }
        return ExitCodes.DONE;
    }

    private static String who(Issued issued) {
        return issued.userType().isEmpty() ? issued.identity() : issued.userType() + " " + issued.identity();
    }

    /** A connection that an install has made is named after its app. */
    private static Optional<OAuthApp> appOfInstall(BridgeConfig config, String connection) {
        return config.crm().oauthApps().stream()
                .filter(app -> connection.startsWith(app + "-"))
                .max(Comparator.comparing(String::length))
                .map(config.crm()::oauthApp);
    }

    private static URI baseUrl(BridgeConfig config, String connection) {
        return config.crm().connections().stream()
                .filter(it -> it.name().equals(connection))
                .findFirst()
                .orElseThrow()
                .baseUrl();
    }

    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description = "Lists the grants of the store, without their tokens.")
    int status(@Mixin DataOption data, @Option(names = "--json", description = "Print JSON.") boolean json)
            throws Exception {
        List<Entry> entries;
        try (Store store = data.attach()) {
            entries = store.tokens().all();
        }
        if (json) {
            Output.json(out(), entries.stream().map(AuthCommand::shown).toList());
        } else {
            Output.table(
                    out(),
                    List.of("CONNECTION", "APP", "STATE", "IDENTITY", "USER TYPE", "TOKEN UNTIL", "SCOPES", "WHY"),
                    entries.stream()
                            .map(e -> Arrays.<Object>asList(
                                    e.connection(),
                                    e.app(),
                                    e.state(),
                                    e.identity(),
                                    e.userType(),
                                    e.expires().orElse(null),
                                    String.join(" ", e.scopes()),
                                    e.reason().orElse(null)))
                            .toList());
        }
        return ExitCodes.DONE;
    }

    private static Map<String, Object> shown(Entry entry) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("connection", entry.connection());
        shown.put("app", entry.app());
        shown.put("state", entry.state());
        shown.put("reason", entry.reason().orElse(null));
        shown.put("identity", entry.identity());
        shown.put("userType", entry.userType());
        shown.put("issuedAt", entry.issued().toString());
        shown.put("expiresAt", entry.expires().map(Object::toString).orElse(null));
        shown.put("scopes", entry.scopes());
        return shown;
    }

    @Command(
            name = "logout",
            mixinStandardHelpOptions = true,
            description =
                    "Removes a connection's tokens. In the CRM the app stays installed until it is removed there.")
    int logout(
            @Mixin DataOption data,
            @Option(names = "--connection", paramLabel = "NAME", description = "The connection (default).")
                    String connection) {
        String name = connection == null ? "default" : connection;
        try (Store store = data.attach()) {
            if (store.tokens().all().stream()
                    .noneMatch(entry -> entry.connection().equals(name))) {
                throw new CommandException(
                        ExitCodes.FAILED, "there is no grant of connection %s: see auth status".formatted(name));
            }
            RunningBridge.tell(store, data, StoredGrants.FORGET, name)
                    .ifPresentOrElse(StoredGrants::done, () -> store.tokens().remove(name));
        }
        out().println("the tokens of connection %s are removed".formatted(name));
        return ExitCodes.DONE;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
