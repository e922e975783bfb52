package io.crmbridge.bundle;

import io.crmbridge.bundle.code.BundleCode;
import io.crmbridge.component.BridgeServices;
import io.crmbridge.component.Outcomes;
import io.crmbridge.component.StepIds;
import io.crmbridge.component.rehearse.ClockedSimple;
import io.crmbridge.component.rehearse.Recorder;
import io.crmbridge.component.schedule.ScheduledRoutes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.component.direct.DirectEndpoint;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.component.seda.SedaEndpoint;
import org.apache.camel.language.simple.SimpleLanguage;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.apache.camel.model.Model;
import org.apache.camel.model.RedeliveryPolicyDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.errorhandler.DefaultErrorHandlerDefinition;
import org.apache.camel.support.LifecycleStrategySupport;

/**
 * Some routes of one version of a bundle, in a Camel context of their own: its mappings, properties and classes are those of
 * that version, and go with it.
 */
final class RouteGroup implements AutoCloseable {
    /** Quartz and others keep what is shared by the context's name. */
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static final Pattern HANDED_OVER = Pattern.compile("(direct|seda):");

    private final Main main;
    private final BundleCode code;
    private final Path folder;

    private RouteGroup(Path folder, Main main, BundleCode code) {
        this.folder = folder;
        this.main = main;
        this.code = code;
    }

    /**
     * @param ids of the routes that are loaded
     * @param paused of these, whom a person paused: on a feed they start, for it is polled on; others wait to be resumed
     * @throws BundleException when a route cannot be made
     */
    static RouteGroup load(
            Bundle bundle,
            BundleReader.Reading reading,
            Set<String> ids,
            Set<String> paused,
            BridgeServices services,
            ScheduledRoutes schedules) {
        return load(bundle, main -> {}, (context, code) -> {
            context.addRoutePolicyFactory(schedules);
            leaveRetriesToTheDispatcher(context);
            services.bind(context);
            bindDataSources(context, reading.config(), code.loader());
            for (RouteDefinition route :
                    routes(context, bundle, code, reading.config(), one -> ids.contains(one.getRouteId()))) {
                if (paused.contains(route.getRouteId())
                        && !RouteCheck.isFeed(TemplateParameters.resolved(
                                context, route, route.getInput().getEndpointUri()))) {
                    route.setAutoStartup("false");
                }
            }
        });
    }

    /**
     * With nothing outside: sources rest, and what is sent is recorded. Routes that are off are loaded too.
     *
     * @param ids of the routes that are loaded, besides all that begin with {@code direct:} or {@code seda:}; empty: every one
     * @throws BundleException when a route cannot be made
     */
    static RouteGroup rehearse(
            Bundle bundle, BridgeConfig config, Set<String> ids, BridgeServices services, Recorder recorder) {
        Consumer<Main> prepared = main -> main.bind(ClockedSimple.NAME, new ClockedSimple(services.clock()));
        return load(bundle, prepared, (context, code) -> {
            services.bind(context);
            recorder.register(context);
            RestingDataSources.bind(context, config);
            routes(
                            context,
                            bundle,
                            code,
                            config,
                            one -> ids.isEmpty()
                                    || ids.contains(one.getRouteId())
                                    || HANDED_OVER
                                            .matcher(one.getInput().getEndpointUri())
                                            .lookingAt())
                    .forEach(route -> route.setAutoStartup("true"));
        });
    }

    private static RouteGroup load(
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
        // Camel's own is a hook of the JVM that keeps every context to its end; commands end their bridges themselves.
        main.setShutdownStrategy(new SimpleMainShutdownStrategy());
        main.setPropertyPlaceholderLocations("file:" + bundle.properties());
        Properties overrides = new Properties();
        overrides.putAll(bundle.overrides());
        main.setOverrideProperties(overrides);
        main.configure()
                .withName("crm-bridge-" + NUMBER.incrementAndGet())
                .withAutoStartup(false)
                .withRoutesIncludePattern("false")
                .withJmxEnabled(false)
                .withShutdownTimeout(4)
                .withShutdownSuppressLoggingOnTimeout(true)
                .withDurationHitExitCode(0);
        prepared.accept(main);
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void afterConfigure(BaseMainSupport support) {
                keepRecordsOutOfTheLog(support.getCamelContext());
                configured.accept(support.getCamelContext(), code);
            }
        });
        try {
            main.start();
        } catch (Exception e) {
            main.stop();
            code.close();
            throw failure(e);
        }
        return new RouteGroup(bundle.folder(), main, code);
    }

    private static List<RouteDefinition> routes(
            CamelContext context,
            Bundle bundle,
            BundleCode code,
            BridgeConfig config,
            Predicate<RouteDefinition> wanted) {
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        // A route without an id has none yet.
        model.setRouteFilter(route -> route.getRouteId() == null || wanted.test(route));
        List<Finding> findings = new ArrayList<>();
        new RouteSources(bundle, code, config.javaRoutes()).load(context, findings::add);
        if (!findings.isEmpty()) {
            throw new BundleException(findings);
        }
        for (RouteDefinition route : List.copyOf(model.getRouteDefinitions())) {
            if (!wanted.test(route)) {
                remove(model, route);
                continue;
            }
            Steps.walk(route.getOutputs(), step -> {
                if (step.hasCustomIdAssigned()) {
                    StepIds.note(route.getRouteId(), step.getId());
                }
            });
        }
        return model.getRouteDefinitions();
    }

    private static void remove(Model model, RouteDefinition route) {
        try {
            model.removeRouteDefinition(route);
        } catch (Exception e) {
            throw failure(e);
        }
    }

    static BundleException failure(Exception e) {
        Throwable cause = e;
        while (cause.getCause() != null && !(cause instanceof BundleException)) {
            cause = cause.getCause();
        }
        return cause instanceof BundleException known
                ? known
                : new BundleException(List.of(new Finding("routes", 0, String.valueOf(cause.getMessage()))));
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

    /** Of the bundle whose files its routes read, some of them when they are first needed. */
    Path folder() {
        return folder;
    }

    CamelContext context() {
        return main.getCamelContext();
    }

    Set<String> ids() {
        Set<String> ids = new TreeSet<>();
        for (Route route : context().getRoutes()) {
            ids.add(route.getId());
        }
        return ids;
    }

    /**
     * Starts the routes that nobody paused; those that others hand over to first.
     *
     * @throws BundleException when one does not start; those before it run then
     */
    void start() {
        List<Route> starting = new ArrayList<>(context().getRoutes());
        starting.removeIf(route -> Boolean.FALSE.equals(route.isAutoStartup()));
        starting.sort(Comparator.comparing((Route route) -> !isHandedOver(route))
                .thenComparing(Route::getStartupOrder, Comparator.nullsLast(Comparator.naturalOrder())));
        for (Route route : starting) {
            try {
                context().getRouteController().startRoute(route.getId());
            } catch (Exception e) {
                throw failure(e);
            }
        }
    }

    private static boolean isHandedOver(Route route) {
        return route.getEndpoint() instanceof DirectEndpoint || route.getEndpoint() instanceof SedaEndpoint;
    }

    /** Each ends what it is at, up to {@code patience} over all of them; what is then still under way is ended. */
    void stop(Collection<String> ids, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        for (String id : ids) {
            long left = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
            try {
                context().getRouteController().stopRoute(id, left, TimeUnit.MILLISECONDS);
            } catch (Exception e) {
                throw failure(e);
            }
        }
    }

    /** Those of the routes that are not paused. */
    Set<String> active(Collection<String> ids) {
        Set<String> active = new TreeSet<>(ids);
        active.removeIf(id -> context().getRouteController().getRouteStatus(id) != ServiceStatus.Started);
        return active;
    }

    /** Starts routes, also those that a failed stop has left half stopped; one that does not start keeps no other from it. */
    List<Finding> startAgain(Collection<String> ids) {
        List<Finding> failures = new ArrayList<>();
        for (String id : ids) {
            try {
                if (context().getRouteController().getRouteStatus(id) != ServiceStatus.Stopped) {
                    context().getRouteController().stopRoute(id);
                }
                context().getRouteController().startRoute(id);
            } catch (Exception e) {
                failures.add(new Finding(
                        "routes",
                        0,
                        "route %s does not start again, and stands still until the bridge is started anew: %s"
                                .formatted(id, failure(e).getMessage())));
            }
        }
        return failures;
    }

    /** Forgets routes that were stopped. */
    void remove(Collection<String> ids) {
        for (String id : ids) {
            try {
                context().removeRoute(id);
            } catch (Exception e) {
                throw failure(e);
            }
        }
    }

    /** Camel's simple language keeps one context for whoever asks without one: the last that was started, gone or not. */
    void becomeUsual() {
        SimpleLanguage simple = new SimpleLanguage();
        simple.setCamelContext(context());
        simple.start();
    }

    @Override
    public void close() {
        main.stop();
        code.close();
    }
}
