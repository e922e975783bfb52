package io.crmbridge.bundle;

import io.crmbridge.bundle.code.BundleCode;
import io.crmbridge.component.Activity;
import io.crmbridge.component.BridgeServices;
import io.crmbridge.component.inbox.InboxRules;
import io.crmbridge.component.map.Mappings;
import io.crmbridge.component.template.Templates;
import io.crmbridge.lead.LeadFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteDefinition;

/**
 * Reads a bundle in a scratch context that is never started: its configuration, its routes, what is wrong with them, and
 * which of them stay off.
 */
public final class BundleReader {

    /**
     * @param off id of each route that does not start, with the reason
     * @param findings everything wrong; a bundle with any does not run
     * @param warnings what a person should know of a bundle that runs
     * @param places the place in the log of each route on a feed
     * @param templates where it is known what records a template gets, see {@link FieldWarnings}
     */
    public record Reading(
            BridgeConfig config,
            List<String> routes,
            Map<String, String> off,
            List<Finding> findings,
            List<Finding> warnings,
            List<TemplateUse> templates,
            Map<String, Set<String>> scopes,
            List<RoutePlace> places,
            Map<String, RouteMakeUp> makeUps) {

        /** Ids of the routes that start. */
        Set<String> started() {
            Set<String> started = new TreeSet<>(routes);
            started.removeAll(off.keySet());
            return started;
        }

        /** Of each route by its id, to tell whether another version of the bundle changes it. */
        public Map<String, String> fingerprints() {
            Map<String, String> fingerprints = new TreeMap<>();
            makeUps.forEach((id, madeOf) -> fingerprints.put(id, madeOf.hash()));
            return fingerprints;
        }

        /** What OAuth apps need consent for: whatever routes do with a connection that calls with one of them. */
        public Set<String> scopesOf(Set<String> apps) {
            Set<String> needed = new TreeSet<>();
            scopes.forEach((connection, words) -> {
                if (connection.equals("*")
                        || config.crm()
                                .oauth(connection)
                                .filter(it -> apps.contains(it.name()))
                                .isPresent()) {
                    needed.addAll(words);
                }
            });
            return needed;
        }
    }

    private BundleReader() {}

    /**
     * Its configuration alone.
     *
     * @throws BundleException when application.properties is wrong
     */
    public static BridgeConfig config(Bundle bundle, Map<String, String> environment) {
        try (DefaultCamelContext context = new DefaultCamelContext(false)) {
            return config(bundle, environment, context, new Report(bundle));
        } catch (IOException e) {
            throw new IllegalStateException("a context that never started can be closed", e);
        }
    }

    /** @throws BundleException when application.properties itself is wrong */
    public static Reading read(Bundle bundle, Map<String, String> environment) {
        return read(bundle, environment, new Report(bundle));
    }

    /** @param report gets what is found, each with its kind; also what is thrown */
    static Reading read(Bundle bundle, Map<String, String> environment, Report report) {
        // A third of a second the first time, which Camel needs longer than.
        CompletableFuture.runAsync(YamlSchema::standard);
        List<Finding> broken = new ArrayList<>();
        try (BundleCode code = BundleCode.of(bundle, broken::add);
                DefaultCamelContext context = new DefaultCamelContext(false)) {
            code.bind(context);
            BridgeConfig config = config(bundle, environment, context, report);
            new BridgeServices(
                            config.bundle(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            new Mappings(bundle.mappings()),
                            new Templates(bundle.templates()),
                            config::hook,
                            config::mail,
                            new InboxRules(bundle.schemas(), config::inbox),
                            new LeadFiles(bundle.leads()),
                            config.crm()::catalogue,
                            config.allowFastPoll(),
                            Activity.NONE,
                            Clock.systemUTC())
                    .bind(context);
            return new RouteReading(bundle, config, code, context, report).read(broken);
        } catch (BundleException e) {
            throw report.refused(Code.WRONG_PROPERTY, e);
        } catch (Exception e) {
            throw new BundleException(
                    List.of(new Finding("application.properties", 0, String.valueOf(e.getMessage()))));
        }
    }

    private static BridgeConfig config(
            Bundle bundle, Map<String, String> environment, CamelContext context, Report report) {
        context.getPropertiesComponent().setLocation("file:" + bundle.properties());
        context.build();
        Map<String, String> properties = properties(context, report);
        properties.putAll(bundle.overrides());
        Properties overrides = new Properties();
        overrides.putAll(bundle.overrides());
        context.getPropertiesComponent().setOverrideProperties(overrides);
        try {
            return new BridgeConfig(properties, environment, bundle.folder());
        } catch (BundleException e) {
            throw report.refused(Code.UNKNOWN_PROPERTY, e);
        }
    }

    private static Map<String, String> properties(CamelContext context, Report report) {
        Map<String, String> resolved = new HashMap<>();
        List<Finding> findings = new ArrayList<>();
        Properties loaded = context.getPropertiesComponent().loadProperties();
        // Camel's ordered Properties answer to entrySet, not to forEach.
        for (Map.Entry<Object, Object> entry : loaded.entrySet()) {
            String key = entry.getKey().toString();
            try {
                resolved.put(
                        key,
                        context.resolvePropertyPlaceholders(entry.getValue().toString()));
            } catch (RuntimeException e) {
                findings.add(new Finding("application.properties", 0, key + ": " + e.getMessage()));
            }
        }
        if (!findings.isEmpty()) {
            throw report.refused(Code.UNSET_PROPERTY, new BundleException(findings));
        }
        return resolved;
    }

    /** One reading of the routes. */
    private static final class RouteReading {
        private final Bundle bundle;
        private final BridgeConfig config;
        private final BundleCode code;
        private final DefaultCamelContext context;
        private final Report report;

        RouteReading(Bundle bundle, BridgeConfig config, BundleCode code, DefaultCamelContext context, Report report) {
            this.bundle = bundle;
            this.config = config;
            this.code = code;
            this.context = context;
            this.report = report;
        }

        /** @param broken what is wrong with the bundle's code */
        Reading read(List<Finding> broken) {
            List<Finding> failures = new ArrayList<>(broken);
            Map<RouteDefinition, Path> routes =
                    new RouteSources(bundle, code, config.javaRoutes()).load(context, failures::add);
            // Camel loads a route without from: too, which the check of the YAML tells.
            boolean whole = !routes.keySet().removeIf(route -> route.getInput() == null);
            Subject subject = Subject.of(bundle, config, context, routes, new Places(bundle), report);
            ConfigCheck.check(config, report);
            YamlCheck.check(subject, failures);
            RouteCheck.check(subject, failures.isEmpty() && whole);
            FieldCheck.collect(subject);
            OffReasons offReasons = new OffReasons(subject);
            Map<String, String> off = new LinkedHashMap<>();
            List<String> ids = new ArrayList<>();
            List<TemplateUse> templates = new ArrayList<>();
            List<RoutePlace> places = new ArrayList<>();
            for (RouteDefinition route : routes.keySet()) {
                templates.addAll(TemplateUses.of(subject, route));
                String id = route.getRouteId();
                if (id != null) {
                    RoutePlace.of(context, route).ifPresent(places::add);
                    ids.add(id);
                    offReasons.of(route).ifPresent(reason -> off.put(id, reason));
                }
            }
            return new Reading(
                    config,
                    ids,
                    off,
                    report.findings(),
                    report.warnings(),
                    templates,
                    Scopes.of(subject),
                    places,
                    makeUps(routes));
        }

        /** None where something is wrong: then no route starts. */
        private Map<String, RouteMakeUp> makeUps(Map<RouteDefinition, Path> routes) {
            if (!report.findings().isEmpty()) {
                return Map.of();
            }
            RouteMakeUps makeUps = new RouteMakeUps(bundle, config, code, context);
            Map<String, RouteMakeUp> byId = new TreeMap<>();
            routes.forEach((route, file) -> byId.put(route.getRouteId(), makeUps.of(route, file)));
            return byId;
        }
    }
}
