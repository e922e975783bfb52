package io.crmbridge.bundle;

import io.crmbridge.bundle.code.BundleCode;
import io.crmbridge.component.BridgeServices;
import io.crmbridge.component.Outcomes;
import io.crmbridge.component.StepIds;
import io.crmbridge.component.rehearse.ClockedSimple;
import io.crmbridge.component.rehearse.Recorder;
import io.crmbridge.component.schedule.ScheduledRoutes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.apache.camel.model.Model;
import org.apache.camel.model.RedeliveryPolicyDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.errorhandler.DefaultErrorHandlerDefinition;
import org.apache.camel.support.LifecycleStrategySupport;

/** A bundle's routes in a started Camel context. */
public final class RunningBundle implements AutoCloseable {
    private static final AtomicLong REHEARSALS = new AtomicLong();
    private static final Pattern INSIDE = Pattern.compile("(direct|seda):");

    private final Main main;
    private final BundleCode code;

    private RunningBundle(Main main, BundleCode code) {
        this.main = main;
        this.code = code;
    }

    /**
     * Starts every route of the bundle that is not off.
     *
     * @param reading of the same bundle; routes that it found to be off do not start
     * @param paused ids of routes that a person paused: on a feed they start, for it is polled on; others wait to be resumed
     * @throws BundleException when a route does not start
     */
    public static RunningBundle start(
            Bundle bundle,
            BundleReader.Reading reading,
            Set<String> paused,
            BridgeServices services,
            ScheduledRoutes schedules) {
        return start(bundle, main -> {}, (context, code) -> {
            context.addRoutePolicyFactory(schedules);
            leaveRetriesToTheDispatcher(context);
            load(context, bundle, code, reading, paused, services);
        });
    }

    /**
     * Starts routes with nothing outside: their sources rest, and what they send is recorded. Routes that are off start too.
     *
     * @param routes ids of those to start, besides all that begin with {@code direct:} or {@code seda:}; empty: every one
     * @throws BundleException when a route does not start
     */
    public static RunningBundle rehearse(
            Bundle bundle, BridgeConfig config, BridgeServices services, Recorder recorder, Set<String> routes) {
        Consumer<Main> prepared = main -> {
            main.bind(ClockedSimple.NAME, new ClockedSimple(services.clock()));
            // Several at a time would share a scheduler of one name.
            main.configure().withName("crm-bridge-rehearsal-" + REHEARSALS.incrementAndGet());
        };
        return start(bundle, prepared, (context, code) -> {
            services.bind(context);
            recorder.register(context);
            RestingDataSources.bind(context, config);
            keepRecordsOutOfTheLog(context);
            Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
            model.setRouteFilter(route -> routes.isEmpty()
                    || routes.contains(route.getRouteId())
                    || INSIDE.matcher(route.getInput().getEndpointUri()).lookingAt());
            load(context, bundle, code, config);
            model.getRouteDefinitions().forEach(route -> route.setAutoStartup("true"));
        });
    }

    private static RunningBundle start(
            Bundle bundle, Consumer<Main> prepared, BiConsumer<CamelContext, BundleCode> configured) {
        List<Finding> findings = new ArrayList<>();
        BundleCode code = BundleCode.of(bundle, findings::add);
        if (!findings.isEmpty()) {
            code.close();
            throw new BundleException(findings);
        }
        Main main = new Main() {
            @Override
            protected CamelContext createCamelContext() {
                CamelContext context = super.createCamelContext();
                code.bind(context);
                return context;
            }
        };
        // The usual one leaves a hook in the JVM that would keep each context to the JVM's end.
        main.setShutdownStrategy(new SimpleMainShutdownStrategy());
        main.setPropertyPlaceholderLocations("file:" + bundle.properties());
        Properties overrides = new Properties();
        overrides.putAll(bundle.overrides());
        main.setOverrideProperties(overrides);
        main.configure()
                .withName("crm-bridge")
                .withRoutesIncludePattern("false")
                .withJmxEnabled(false)
                .withShutdownTimeout(4)
                .withShutdownSuppressLoggingOnTimeout(true)
                .withDurationHitExitCode(0);
        prepared.accept(main);
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void afterConfigure(BaseMainSupport support) {
                configured.accept(support.getCamelContext(), code);
            }
        });
        try {
            main.start();
        } catch (Exception e) {
            main.stop();
            code.close();
            throw e instanceof BundleException known
                    ? known
                    : new BundleException(List.of(new Finding("routes", 0, rootMessage(e))));
        }
        return new RunningBundle(main, code);
    }

    private static void load(
            CamelContext context,
            Bundle bundle,
            BundleCode code,
            BundleReader.Reading reading,
            Set<String> paused,
            BridgeServices services) {
        services.bind(context);
        bindDataSources(context, reading.config(), code.loader());
        keepRecordsOutOfTheLog(context);
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        model.setRouteFilter(route -> !reading.off().containsKey(route.getRouteId()));
        load(context, bundle, code, reading.config());
        for (RouteDefinition route : model.getRouteDefinitions()) {
            if (paused.contains(route.getRouteId())
                    && !RouteCheck.isFeed(TemplateParameters.resolved(
                            context, route, route.getInput().getEndpointUri()))) {
                route.setAutoStartup("false");
            }
        }
    }

    private static void load(CamelContext context, Bundle bundle, BundleCode code, BridgeConfig config) {
        List<Finding> findings = new ArrayList<>();
        new RouteSources(bundle, code, config.javaRoutes()).load(context, findings::add);
        if (!findings.isEmpty()) {
            throw new BundleException(findings);
        }
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        for (RouteDefinition route : model.getRouteDefinitions()) {
            Steps.walk(route.getOutputs(), step -> {
                if (step.hasCustomIdAssigned()) {
                    StepIds.note(route.getRouteId(), step.getId());
                }
            });
        }
    }

    /** Before any route is loaded: sql: looks for a single one when it is first named. The context closes them. */
    private static void bindDataSources(CamelContext context, BridgeConfig config, ClassLoader loader) {
        for (String name : config.dataSources()) {
            config.dataSource(name)
                    .ifPresent(settings ->
                            context.getRegistry().bind(name, DataSource.class, settings.open(loader), null, "close"));
        }
    }

    /** Camel's HTTP client would send again by itself what was answered with 429 or 503. */
    private static void leaveRetriesToTheDispatcher(CamelContext context) {
        context.addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onComponentAdd(String name, Component component) {
                if (component instanceof HttpComponent http) {
                    http.setAutomaticRetriesDisabled(true);
                }
            }
        });
    }

    /** Camel's error handler would log each try of a change with a text that may quote the record; the dispatcher tells. */
    private static void keepRecordsOutOfTheLog(CamelContext context) {
        RedeliveryPolicyDefinition quiet = new RedeliveryPolicyDefinition();
        quiet.setLogExhausted("false");
        DefaultErrorHandlerDefinition usual = new DefaultErrorHandlerDefinition();
        usual.setRedeliveryPolicy(quiet);
        usual.setOnExceptionOccurredProcessor(Outcomes::hideDatabase);
        context.getCamelContextExtension().setErrorHandlerFactory(usual);
    }

    private static String rootMessage(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    public CamelContext context() {
        return main.getCamelContext();
    }

    public List<String> routeIds() {
        List<String> ids = new ArrayList<>();
        context().getRoutes().forEach(route -> ids.add(route.getId()));
        return ids;
    }

    /** Status of each started route by its id. */
    public Map<String, String> states() {
        Map<String, String> states = new TreeMap<>();
        routeIds()
                .forEach(id -> states.put(
                        id, context().getRouteController().getRouteStatus(id).name()));
        return states;
    }

    @Override
    public void close() {
        main.stop();
        code.close();
    }
}
