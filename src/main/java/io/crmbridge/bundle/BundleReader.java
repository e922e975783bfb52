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
     * @param templates where it is known what records a template gets, see {@link FieldWarnings}
     */
    public record Reading(
            BridgeConfig config,
            List<String> routes,
            Map<String, String> off,
            List<Finding> findings,
            List<Finding> warnings,
            List<TemplateUse> templates,
            Map<String, Set<String>> scopes) {

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
            return config(bundle, environment, context);
        } catch (IOException e) {
            throw new IllegalStateException("a context that never started can be closed", e);
        }
    }

    private static BridgeConfig config(Bundle bundle, Map<String, String> environment, CamelContext context) {
        context.getPropertiesComponent().setLocation("file:" + bundle.properties());
        context.build();
        Map<String, String> properties = properties(context);
        properties.putAll(bundle.overrides());
        Properties overrides = new Properties();
        overrides.putAll(bundle.overrides());
        context.getPropertiesComponent().setOverrideProperties(overrides);
        return new BridgeConfig(properties, environment, bundle.folder());
    }

    /** @throws BundleException when application.properties itself is wrong */
    public static Reading read(Bundle bundle, Map<String, String> environment) {
        List<Finding> broken = new ArrayList<>();
        try (BundleCode code = BundleCode.of(bundle, broken::add);
                DefaultCamelContext context = new DefaultCamelContext(false)) {
            code.bind(context);
            BridgeConfig config = config(bundle, environment, context);
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
            return new RouteReading(bundle, config, code, context, broken).read();
        } catch (BundleException e) {
            throw e;
        } catch (Exception e) {
            throw new BundleException(
                    List.of(new Finding("application.properties", 0, String.valueOf(e.getMessage()))));
        }
    }

    private static Map<String, String> properties(CamelContext context) {
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
            throw new BundleException(findings);
        }
        return resolved;
    }

    /** One reading of the routes. */
    private static final class RouteReading {
        private final Bundle bundle;
        private final BridgeConfig config;
        private final BundleCode code;
        private final DefaultCamelContext context;
        private final List<Finding> findings;
        private final List<Finding> warnings = new ArrayList<>();

        RouteReading(
                Bundle bundle,
                BridgeConfig config,
                BundleCode code,
                DefaultCamelContext context,
                List<Finding> broken) {
            this.bundle = bundle;
            this.config = config;
            this.code = code;
            this.context = context;
            this.findings = broken;
        }

        Reading read() {
            Map<RouteDefinition, Path> routes =
                    new RouteSources(bundle, code, config.javaRoutes()).load(context, findings::add);
            Map<String, String> off = new LinkedHashMap<>();
            List<String> ids = new ArrayList<>();
            List<TemplateUse> templates = new ArrayList<>();
            Map<String, Set<String>> scopes = new TreeMap<>();
            RouteCheck check = new RouteCheck(bundle, config, context, routes);
            routes.forEach((route, file) -> {
                TemplateParameters.during(context, route, () -> check.check(route, file));
                templates.addAll(TemplateUses.of(context, route));
                check.scopes(route)
                        .forEach((connection, words) -> scopes.computeIfAbsent(connection, name -> new TreeSet<>())
                                .addAll(words));
                String id = route.getRouteId();
                if (id != null) {
                    ids.add(id);
                    check.offReason(route).ifPresent(reason -> off.put(id, reason));
                }
            });
            check.routeKeys();
            check.inboxes();
            findings.addAll(check.findings());
            warnings.addAll(check.warnings());
            return new Reading(config, ids, off, findings, warnings, templates, scopes);
        }
    }
}
