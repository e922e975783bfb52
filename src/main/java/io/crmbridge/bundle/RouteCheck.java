package io.crmbridge.bundle;

import io.crmbridge.component.FeedSource;
import io.crmbridge.component.FireTimes;
import io.crmbridge.component.NearestWord;
import io.crmbridge.component.hook.HookComponent;
import io.crmbridge.component.intellivizz.IntellivizzEndpoint;
import io.crmbridge.component.mail.MailOut;
import io.crmbridge.component.template.TemplateException;
import io.crmbridge.crm.Operation;
import io.crmbridge.crm.impactiveai.Operations;
import io.crmbridge.crm.intellivizz.Account;
import io.crmbridge.crm.intellivizz.Catalogue;
import io.crmbridge.crm.intellivizz.CatalogueEntry;
import io.crmbridge.crm.intellivizz.Intellivizz;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.catalog.EndpointValidationResult;
import org.apache.camel.catalog.RuntimeCamelCatalog;
import org.apache.camel.model.AggregateDefinition;
import org.apache.camel.model.EndpointRequiredDefinition;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RedeliveryPolicyDefinition;
import org.apache.camel.model.ResequenceDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SamplingDefinition;
import org.apache.camel.model.ThrottleDefinition;
import org.apache.camel.model.WireTapDefinition;
import org.apache.camel.model.errorhandler.DefaultErrorHandlerDefinition;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.util.URISupport;

/** What is wrong with routes that can be told before they run. */
final class RouteCheck {
    private static final Set<String> CRMS = Set.of("impactiveai", "intellivizz");
    private static final Set<String> FEEDS = Set.of("impactiveai", "intellivizz", "inbox", "events");
    private static final Set<String> HANDING_OVER = Set.of("direct", "seda");
    private static final Set<String> EFFECTS = Set.of("hook", "export", "inbox", "smtp", "smtps");
    private static final Pattern DATA_SOURCE = Pattern.compile("[?&]dataSource=(?:#bean:|#)?([^&]*)");
    private static final Pattern PLAIN_INSERT = Pattern.compile("(?i)\\binsert\\s+into\\b");
    private static final Pattern UPSERT = Pattern.compile(
            "(?i)\\bon\\s+conflict\\b|\\bon\\s+duplicate\\s+key\\b|\\bmerge\\s+into\\b|\\bnot\\s+exists\\b");
    private static final Set<String> MAILBOXES = Set.of("imap", "imaps");
    private static final Set<String> MAIL_OUT = Set.of("smtp", "smtps");
    private static final Set<String> OURS =
            Set.of("impactiveai", "intellivizz", "inbox", "events", "map", "template", "lead", "hook", "export");

    private final Bundle bundle;
    private final BridgeConfig config;
    private final CamelContext context;
    private final Map<RouteDefinition, Path> routes;
    private final Map<String, RouteDefinition> byInput = new HashMap<>();
    private final Set<String> ids = new HashSet<>();
    private final Set<String> stepIds = new HashSet<>();
    private final Set<RouteDefinition> checkedForEarlyEnds = new HashSet<>();
    private final List<Finding> findings = new ArrayList<>();
    private final List<Finding> warnings = new ArrayList<>();

    RouteCheck(Bundle bundle, BridgeConfig config, CamelContext context, Map<RouteDefinition, Path> routes) {
        this.bundle = bundle;
        this.config = config;
        this.context = context;
        this.routes = routes;
        routes.keySet().forEach(route -> byInput.put(base(route.getInput().getEndpointUri()), route));
    }

    List<Finding> findings() {
        return findings;
    }

    List<Finding> warnings() {
        return warnings;
    }

    void check(RouteDefinition route, Path file) {
        String source = route.getInput().getEndpointUri();
        boolean feed = isFeed(source);
        if (feed && !route.hasCustomIdAssigned()) {
            report(
                    file,
                    route.getInput().getLineNumber(),
                    "a route on %s needs an id: its place in the log is kept under it".formatted(base(source)));
        } else if (route.hasCustomIdAssigned() && !ids.add(route.getRouteId())) {
            report(file, route.getLineNumber(), "there are two routes with the id %s".formatted(route.getRouteId()));
        }
        endpoint(file, route.getInput().getLineNumber(), source)
                .filter(FeedSource.class::isInstance)
                .map(FeedSource.class::cast)
                .ifPresent(endpoint -> {
                    source(file, route.getInput().getLineNumber(), endpoint);
                    whoseKey(file, route.getInput().getLineNumber(), source, true);
                });
        if (feed && has("operation", source)) {
            report(
                    file,
                    lineOf(file, route.getInput().getLineNumber(), "operation"),
                    "an operation is for a target: use %s in a to: step".formatted(base(source)));
        }
        Steps.walk(route.getOutputs(), step -> {
            if (step instanceof EndpointRequiredDefinition target && target.getEndpointUri() != null) {
                String uri = target.getEndpointUri();
                endpoint(file, step.getLineNumber(), uri)
                        .ifPresent(it -> whoseKey(file, step.getLineNumber(), uri, uri.contains("operation=snapshot")));
            }
        });
        if (route.getTemplateParameters() == null) {
            Steps.walk(route.getOutputs(), step -> {
                if (step.hasCustomIdAssigned() && !stepIds.add(step.getId())) {
                    report(file, step.getLineNumber(), "there are two steps with the id %s".formatted(step.getId()));
                }
            });
        }
        if (feed && !source.contains("durable=false")) {
            earlyEnds(route);
        }
        mailbox(route, file);
        onces(route, file);
        ways(route, file);
        if (feed) {
            redeliveries(route, file);
            effects(route, file);
        }
    }

    /** A mail that Camel reads itself is fetched with all that is attached, and one that it cannot read stops the others. */
    private void mailbox(RouteDefinition route, Path file) {
        String source = route.getInput().getEndpointUri();
        if (MAILBOXES.contains(scheme(source)) && !source.contains("mapMailMessage=false")) {
            Steps.walk(
                    route.getOutputs(),
                    step -> Steps.uri(step)
                            .filter(uri -> scheme(uri).equals("inbox") && uri.contains("format=mail"))
                            .ifPresent(uri -> report(
                                    file,
                                    route.getInput().getLineNumber(),
                                    "%s needs mapMailMessage=false before a step to %s with format=mail"
                                            .formatted(base(source), base(uri)))));
        }
    }

    /** The key of an effect is made of its step's id, or else of its target. */
    private void effects(RouteDefinition route, Path file) {
        Set<String> targets = new HashSet<>();
        Steps.walk(
                route.getOutputs(),
                step -> Steps.uri(step)
                        .flatMap(uri -> effect(TemplateParameters.resolved(context, route, uri)))
                        .filter(target -> !step.hasCustomIdAssigned() && !endsEarly(step))
                        .filter(target -> !targets.add(target))
                        .ifPresent(target -> report(
                                file,
                                step.getLineNumber(),
                                "route %s has two steps to %s without an id: give each an id:, by which a receiver can tell what it gets again"
                                        .formatted(route.getRouteId(), target))));
    }

    /** The target of an effect, for a write to a CRM with its operation; empty where a step has none. */
    private Optional<String> effect(String uri) {
        if (EFFECTS.contains(scheme(uri))) {
            return Optional.of(base(uri));
        }
        return CRMS.contains(scheme(uri)) ? write(uri) : Optional.empty();
    }

    private Optional<String> write(String uri) {
        try {
            Map<String, String> options =
                    PluginHelper.getRuntimeCamelCatalog(context).endpointProperties(uri);
            List<Operation> known = operations(scheme(uri), path(base(uri)), options);
            String operation = options.getOrDefault(
                    "operation", known.stream().map(Operation::name).findFirst().orElse(""));
            boolean once = operation.equals("upsert") && scheme(uri).equals("impactiveai")
                    || known.stream().anyMatch(it -> it.name().equals(operation) && it.kind() == Operation.Kind.ONCE);
            return once ? Optional.of(base(uri) + " that " + operation) : Optional.empty();
        } catch (URISyntaxException | IllegalArgumentException e) {
            // The check of the endpoint tells what is wrong with it.
            return Optional.empty();
        }
    }

    private List<Operation> operations(String scheme, String resource, Map<String, String> options) {
        return scheme.equals("impactiveai")
                ? Operations.ALL.stream()
                        .filter(it -> it.resource().equals(resource))
                        .toList()
                : config.crm().catalogue(options.getOrDefault("connection", "default")).operations(resource).stream()
                        .map(CatalogueEntry::operation)
                        .toList();
    }

    /** Where no option says which sequence, rules of a lead's file must; a route that others hand over to cannot be told. */
    private void ways(RouteDefinition route, Path file) {
        boolean[] byRules = {HANDING_OVER.contains(scheme(route.getInput().getEndpointUri()))};
        Steps.walk(route.getOutputs(), step -> {
            Optional<String> uri = Steps.uri(step).map(it -> TemplateParameters.resolved(context, route, it));
            byRules[0] |= uri.filter(it -> scheme(it).equals("lead")).isPresent();
            uri.filter(it -> base(it).equals("impactiveai:enrollments")
                            && !has("sequence", it)
                            && !has("tagIds", it)
                            && !has("listIds", it))
                    .flatMap(this::write)
                    .filter(write -> !byRules[0])
                    .ifPresent(write -> report(
                            file,
                            step.getLineNumber(),
                            "impactiveai:enrollments enrolls into no sequence: set sequence=, or put a lead: step before it,"
                                    + " whose file says which"));
        });
    }

    /** What a snapshot answered once is kept under its route and its step, or else its resource. */
    private void onces(RouteDefinition route, Path file) {
        Set<String> targets = new HashSet<>();
        Steps.walk(route.getOutputs(), step -> {
            Optional<String> target = Steps.uri(step)
                    .filter(uri -> FEEDS.contains(scheme(uri)) && has("once", uri))
                    .map(RouteCheck::base);
            if (target.isPresent() && !route.hasCustomIdAssigned()) {
                report(
                        file,
                        step.getLineNumber(),
                        "a route with once= on %s needs an id: what was answered is kept under it"
                                .formatted(target.get()));
            } else if (target.isPresent() && !step.hasCustomIdAssigned() && !targets.add(target.get())) {
                report(
                        file,
                        step.getLineNumber(),
                        "route %s has two steps with once= on %s without an id: give each an id:, under which it keeps what it answered"
                                .formatted(route.getRouteId(), target.get()));
            }
        });
    }

    private static boolean has(String option, String uri) {
        return uri.contains("?" + option + "=") || uri.contains("&" + option + "=");
    }

    static boolean isFeed(String source) {
        return FEEDS.contains(scheme(source));
    }

    /** Steps at which Camel completes the exchange before the work is done, also in routes reached by direct:. */
    private void earlyEnds(RouteDefinition route) {
        if (!checkedForEarlyEnds.add(route)) {
            return;
        }
        Steps.walk(route.getOutputs(), step -> {
            if (endsEarly(step)) {
                report(
                        routes.get(route),
                        step.getLineNumber(),
                        "%s ends the exchange before the work is done, so a change in it would be lost with the process: use batchSize on the source instead, or set durable=false on the source to accept the loss"
                                .formatted(step.getShortName()));
            }
            next(step).ifPresent(this::earlyEnds);
        });
    }

    /** The route of the bundle that a step hands over to within the process. */
    private Optional<RouteDefinition> next(ProcessorDefinition<?> step) {
        return Steps.uri(step).filter(uri -> HANDING_OVER.contains(scheme(uri))).map(uri -> byInput.get(base(uri)));
    }

    private void redeliveries(RouteDefinition route, Path file) {
        List<RedeliveryPolicyDefinition> policies = new ArrayList<>();
        if (route.getErrorHandler() != null
                && route.getErrorHandler().getErrorHandlerType() instanceof DefaultErrorHandlerDefinition own) {
            policies.add(own.getRedeliveryPolicy());
        }
        Steps.walk(route.getOutputs(), step -> {
            if (step instanceof OnExceptionDefinition clause) {
                policies.add(clause.getRedeliveryPolicyType());
            }
        });
        boolean repeats = policies.stream()
                .filter(Objects::nonNull)
                .map(RedeliveryPolicyDefinition::getMaximumRedeliveries)
                .anyMatch(times -> times != null && !times.equals("0"));
        if (repeats) {
            warnings.add(new Finding(
                    bundle.relative(file),
                    Math.max(route.getLineNumber(), 0),
                    "maximumRedeliveries in route %s tries again while the change holds its lane, and hides it from the dispatcher: leave it out, and set retry.attempts and retry.delay on the source"
                            .formatted(route.getRouteId())));
        }
    }

    private static boolean endsEarly(ProcessorDefinition<?> step) {
        if (step instanceof AggregateDefinition
                || step instanceof WireTapDefinition
                || step instanceof ResequenceDefinition
                || step instanceof SamplingDefinition) {
            return true;
        }
        if (step instanceof ThrottleDefinition throttle) {
            return "true".equals(throttle.getRejectExecution());
        }
        return Steps.uri(step)
                .filter(uri -> scheme(uri).equals("seda") && !uri.contains("waitForTaskToComplete=Always"))
                .isPresent();
    }

    private void source(Path file, int line, FeedSource endpoint) {
        try {
            endpoint.checkSource();
        } catch (IllegalArgumentException e) {
            report(file, line, e.getMessage());
        }
    }

    /** The endpoint, where it is one of ours and nothing is wrong with it. */
    private Optional<Endpoint> endpoint(Path file, int line, String uri) {
        String resolved;
        try {
            resolved = context.resolvePropertyPlaceholders(uri);
        } catch (RuntimeException e) {
            report(file, line, "%s: %s".formatted(base(uri), e.getMessage()));
            return Optional.empty();
        }
        String scheme = scheme(resolved);
        if (context.getComponent(scheme, true, false) == null) {
            report(file, line, "no component \"%s\"%s".formatted(scheme, NearestWord.hint(scheme, schemes())));
            return Optional.empty();
        }
        if (scheme.equals("quartz")) {
            schedule(file, line, resolved);
        }
        int before = findings.size();
        // What stands behind a hook's URL is the target's query.
        if (!scheme.equals("hook") || !HookComponent.isUrl(path(resolved))) {
            options(file, line, scheme, resolved);
        }
        if (scheme.equals("sql")) {
            sql(file, line, resolved);
        }
        if (CRMS.contains(scheme)) {
            connection(file, line, scheme, resolved);
        }
        if (findings.size() == before && (OURS.contains(scheme) || MAIL_OUT.contains(scheme))) {
            try {
                return Optional.of(context.getEndpoint(resolved));
            } catch (ResolveEndpointFailedException e) {
                // Ours is the first that blames an argument; what lies below it is how that was found out.
                Throwable cause = e;
                while (cause.getCause() != null && !(cause instanceof IllegalArgumentException)) {
                    cause = cause.getCause();
                }
                if (cause instanceof TemplateException broken) {
                    report(bundle.folder().resolve(broken.file()), broken.line(), broken.problem());
                } else if (cause instanceof BundleException wrong) {
                    wrong.findings().stream()
                            .filter(finding -> !findings.contains(finding))
                            .forEach(findings::add);
                } else {
                    report(file, line, "%s: %s".formatted(base(resolved), cause.getMessage()));
                }
            }
        }
        return Optional.empty();
    }

    private void connection(Path file, int line, String scheme, String uri) {
        try {
            String name = PluginHelper.getRuntimeCamelCatalog(context)
                    .endpointProperties(uri)
                    .getOrDefault("connection", "default");
            Map<String, String> types = config.crm().connectionTypes();
            if (types.isEmpty() || name.equals("*") || config.crm().isOfAnApp(name)) {
                return;
            }
            Set<String> fitting = new TreeSet<>(types.keySet());
            fitting.removeIf(other -> !types.get(other).equals(scheme));
            String instead = fitting.isEmpty()
                    ? "set bridge.connection.<name>.type=%s and its siblings".formatted(scheme)
                    : "of type %s there are %s".formatted(scheme, String.join(", ", fitting));
            int at = uri.contains("connection=") ? lineOf(file, line, "connection:") : line;
            if (!types.containsKey(name)) {
                String hint = NearestWord.hint(name, fitting);
                report(
                        file,
                        at,
                        "%s: no connection \"%s\"%s"
                                .formatted(base(uri), name, hint.isEmpty() ? ": " + instead : hint));
            } else if (CRMS.contains(types.get(name)) && !types.get(name).equals(scheme)) {
                report(
                        file,
                        at,
                        "%s: connection %s is of type %s; %s".formatted(base(uri), name, types.get(name), instead));
            }
        } catch (URISyntaxException | IllegalArgumentException e) {
            // The check of the endpoint tells what is wrong with it.
        }
    }

    /**
     * Whose records a feed of Intellivizz has, and what a call is about, depends on whose key it is.
     *
     * @param isFeed a source, or a snapshot of one
     */
    private void whoseKey(Path file, int line, String uri, boolean isFeed) {
        String resolved = context.resolvePropertyPlaceholders(uri);
        if (!scheme(resolved).equals(Intellivizz.TYPE)) {
            return;
        }
        try {
            Map<String, String> options =
                    PluginHelper.getRuntimeCamelCatalog(context).endpointProperties(resolved);
            String connection = options.getOrDefault("connection", "default");
            String base = base(resolved);
            Account account = config.crm().account(connection);
            Optional<CatalogueEntry> called = called(config.crm().catalogue(connection), path(base), options, isFeed);
            boolean agencys = called.filter(CatalogueEntry::agency).isPresent();
            boolean chosen = options.containsKey(isFeed ? "locations" : "location");
            if (account.isAgency() && !agencys && !chosen && isFeed) {
                report(
                        file,
                        line,
                        "%s is of each location, and connection %s has an agency's key: set locations= to an id, a name, or * for all"
                                .formatted(base, connection));
            } else if (account.isAgency()
                    && !agencys
                    && !chosen
                    && called.filter(CatalogueEntry::isOfOneLocation).isPresent()) {
                report(
                        file,
                        line,
                        "%s is about one location, and connection %s has an agency's key: set location= to its id"
                                .formatted(base, connection));
            } else if (account.location().isPresent() && (isFeed ? chosen != agencys : agencys)) {
                report(
                        file,
                        line,
                        "%s%s needs an agency's key, and connection %s has that of a location: use a connection with agency-id"
                                .formatted(base, isFeed && chosen ? " with locations=" : "", connection));
            }
        } catch (URISyntaxException e) {
            report(file, line, "%s: %s".formatted(base(resolved), e.getMessage()));
        }
    }

    private static Optional<CatalogueEntry> called(
            Catalogue catalogue, String resource, Map<String, String> options, boolean isFeed) {
        if (isFeed) {
            return catalogue.feed(resource).flatMap(feed -> catalogue.find(resource, feed.list()));
        }
        return options.containsKey("operation")
                ? catalogue.find(resource, options.get("operation"))
                : catalogue.operations(resource).stream().findFirst();
    }

    private void schedule(Path file, int line, String uri) {
        try {
            Map<String, String> options =
                    PluginHelper.getRuntimeCamelCatalog(context).endpointProperties(uri);
            if (options.get("cron") != null) {
                new FireTimes(
                        options.get("cron").replace('+', ' '),
                        Optional.ofNullable(options.get("trigger.timeZone")),
                        Instant.now());
            }
        } catch (IllegalArgumentException | URISyntaxException e) {
            report(file, lineOf(file, line, "cron"), "%s: %s".formatted(base(uri), e.getMessage()));
        }
    }

    private void options(Path file, int line, String scheme, String uri) {
        RuntimeCamelCatalog catalog = PluginHelper.getRuntimeCamelCatalog(context);
        if (catalog.componentJSonSchema(scheme) == null) {
            // A component of the bundle's own lib/ that says nothing of its options; Camel checks them at the start.
            return;
        }
        EndpointValidationResult result;
        try {
            // The catalogue's own reading of a query knows no RAW(value).
            Map<String, String> options = new HashMap<>(catalog.endpointProperties(base(uri)));
            URISupport.parseQuery(uri.substring(Math.min(base(uri).length() + 1, uri.length())))
                    .forEach((option, value) -> options.put(option, String.valueOf(value)));
            result = catalog.validateProperties(scheme, options);
        } catch (Exception e) {
            report(file, line, "%s: %s".formatted(base(uri), e.getMessage()));
            return;
        }
        if (result.getUnknown() != null) {
            for (String option : result.getUnknown()) {
                if (!option.matches("[\\w.-]+")) {
                    report(
                            file,
                            line,
                            "%s: an option's value is cut in two at its &: write the value as RAW(value)"
                                    .formatted(base(uri)));
                    return;
                }
                report(
                        file,
                        lineOf(file, line, option),
                        "%s has no option \"%s\"%s"
                                .formatted(scheme + ":", option, NearestWord.hint(option, optionNames(scheme))));
            }
        }
        if (result.getRequired() != null) {
            result.getRequired()
                    .forEach(option -> report(file, line, "%s needs the option %s".formatted(scheme + ":", option)));
        }
        wrong(
                file,
                line,
                result.getInvalidEnum(),
                option -> {
                    List<?> choices = result.getEnumChoices(option);
                    List<String> words = choices == null
                            ? List.of()
                            : choices.stream().map(String::valueOf).toList();
                    return " is none of %s".formatted(String.join(", ", words));
                },
                result);
        wrong(file, line, result.getInvalidInteger(), option -> " is no whole number", result);
        wrong(file, line, result.getInvalidNumber(), option -> " is no number", result);
        wrong(file, line, result.getInvalidBoolean(), option -> " is neither true nor false", result);
        // Our own endpoints check their durations themselves, and know milliseconds too.
        if (!OURS.contains(scheme)) {
            wrong(
                    file,
                    line,
                    result.getInvalidDuration(),
                    option -> " is no duration: write for example 30s, 5m or 1h",
                    result);
        }
    }

    private void sql(Path file, int line, String uri) {
        Set<String> known = config.dataSources();
        Optional<String> named = namedDataSource(uri);
        if (named.isPresent()) {
            String name = named.get();
            if (!known.contains(name) && context.getRegistry().lookupByNameAndType(name, DataSource.class) == null) {
                String hint = NearestWord.hint(name, known);
                report(
                        file,
                        lineOf(file, line, "dataSource"),
                        "no data source \"%s\"%s"
                                .formatted(name, hint.isEmpty() ? ": set bridge.datasource." + name + ".url" : hint));
            }
        } else if (known.size() != 1
                && context.getRegistry().findByType(DataSource.class).size() != 1) {
            report(
                    file,
                    line,
                    known.isEmpty()
                            ? "sql: has no data source: set bridge.datasource.<name>.url"
                            : "sql: names none of the data sources %s: add dataSource=#%s"
                                    .formatted(
                                            String.join(", ", known),
                                            known.iterator().next()));
        }
        if (PLAIN_INSERT.matcher(uri).find() && !UPSERT.matcher(uri).find()) {
            warnings.add(
                    new Finding(
                            bundle.relative(file),
                            Math.max(line, 0),
                            "a plain INSERT is done at least once, so its row may come twice: write an upsert on the key (ON CONFLICT, ON DUPLICATE KEY or MERGE)"));
        }
    }

    /** The data source that a {@code sql:} needs: the one it names, or the only one there is. */
    private Optional<String> dataSource(String uri) {
        Set<String> known = config.dataSources();
        return namedDataSource(uri)
                .or(() -> known.size() == 1 ? Optional.of(known.iterator().next()) : Optional.empty())
                .filter(known::contains);
    }

    private static Optional<String> namedDataSource(String uri) {
        Matcher match = DATA_SOURCE.matcher(uri);
        return match.find() ? Optional.of(match.group(1)) : Optional.empty();
    }

    private interface Explanation {
        String of(String option);
    }

    private void wrong(Path file, int line, Map<?, ?> invalid, Explanation what, EndpointValidationResult result) {
        if (invalid == null) {
            return;
        }
        invalid.forEach((option, value) -> {
            List<?> choices = result.getEnumChoices(option.toString());
            String hint = choices == null
                    ? ""
                    : NearestWord.hint(
                            String.valueOf(value),
                            choices.stream().map(String::valueOf).toList());
            report(
                    file,
                    lineOf(file, line, option.toString()),
                    "%s=%s%s%s".formatted(option, value, what.of(option.toString()), hint));
        });
    }

    private Set<String> optionNames(String scheme) {
        Set<String> names = new TreeSet<>();
        String schema = PluginHelper.getRuntimeCamelCatalog(context).componentJSonSchema(scheme);
        if (schema != null) {
            Matcher name = Pattern.compile("\"(\\w+)\": \\{ \"index\": \\d+, \"kind\": \"parameter\"")
                    .matcher(schema);
            while (name.find()) {
                names.add(name.group(1));
            }
        }
        return names;
    }

    private static Set<String> schemes() {
        return Set.of(
                "impactiveai",
                "intellivizz",
                "inbox",
                "events",
                "map",
                "lead",
                "template",
                "hook",
                "export",
                "direct",
                "seda",
                "file",
                "http",
                "https",
                "smtp",
                "smtps",
                "sql",
                "imap",
                "imaps",
                "quartz",
                "timer",
                "log",
                "mock",
                "bean",
                "controlbus",
                "ref",
                "scheduler",
                "stub");
    }

    /** The line of an option's name at or below its step, as far as the step's text goes. */
    private static int lineOf(Path file, int line, String option) {
        try {
            List<String> lines = Files.readAllLines(file);
            for (int at = Math.max(line - 1, 0); at < Math.min(lines.size(), line + 20); at++) {
                if (lines.get(at).contains(option)) {
                    return at + 1;
                }
            }
        } catch (IOException e) {
            // The step's own line is told instead.
        }
        return line;
    }

    /** Why a route stays off: switched off, a target of it is not set, or a route that it hands over to is off. */
    Optional<String> offReason(RouteDefinition route) {
        return offReason(route, new HashSet<>());
    }

    private Optional<String> offReason(RouteDefinition route, Set<RouteDefinition> seen) {
        if (!seen.add(route)) {
            return Optional.empty();
        }
        if (!config.isRouteEnabled(route.getRouteId())) {
            return Optional.of("switched off by bridge.route.%s.enabled=false".formatted(route.getRouteId()));
        }
        Set<String> missing = new LinkedHashSet<>();
        List<String> needed = new ArrayList<>();
        String source =
                TemplateParameters.resolved(context, route, route.getInput().getEndpointUri());
        missingDataSource(source).ifPresent(missing::add);
        missingKey(source).ifPresent(missing::add);
        Steps.walk(route.getOutputs(), step -> {
            Optional<String> target = Steps.uri(step).map(uri -> TemplateParameters.resolved(context, route, uri));
            target.flatMap(this::missingDataSource).ifPresent(missing::add);
            target.flatMap(this::missingKey).ifPresent(missing::add);
            Optional<String> hook = target.filter(uri -> scheme(uri).equals("hook"));
            if (hook.isPresent()) {
                String name = path(base(hook.get()));
                if (!HookComponent.isUrl(name) && config.hook(name).isEmpty()) {
                    missing.add("bridge.hook." + name + ".url");
                }
            }
            target.filter(uri -> MAIL_OUT.contains(scheme(uri)))
                    .ifPresent(uri -> missing.addAll(MailOut.missing(context, uri)));
            next(step)
                    .ifPresent(needs -> offReason(needs, seen)
                            .ifPresent(reason -> needed.add(
                                    "route %s that it needs is off: %s".formatted(needs.getRouteId(), reason))));
        });
        if (!missing.isEmpty()) {
            return Optional.of("no target: set " + String.join(", ", missing));
        }
        return needed.stream().findFirst();
    }

    private Optional<String> missingKey(String uri) {
        if (!CRMS.contains(scheme(uri))) {
            return Optional.empty();
        }
        try {
            return config.crm()
                    .missingKey(PluginHelper.getRuntimeCamelCatalog(context)
                            .endpointProperties(uri)
                            .getOrDefault("connection", "default"));
        } catch (URISyntaxException | IllegalArgumentException e) {
            // The check of the endpoint tells what is wrong with it.
            return Optional.empty();
        }
    }

    /** What a route needs consent for, by the name of the connection; an asterisk is every one. */
    Map<String, Set<String>> scopes(RouteDefinition route) {
        Map<String, Set<String>> scopes = new TreeMap<>();
        scopes(TemplateParameters.resolved(context, route, route.getInput().getEndpointUri()), true, scopes);
        Steps.walk(
                route.getOutputs(),
                step -> Steps.uri(step)
                        .ifPresent(uri -> scopes(TemplateParameters.resolved(context, route, uri), false, scopes)));
        return scopes;
    }

    private void scopes(String uri, boolean source, Map<String, Set<String>> scopes) {
        if (scheme(uri).equals("intellivizz")) {
            try {
                IntellivizzEndpoint endpoint = context.getEndpoint(uri, IntellivizzEndpoint.class);
                scopes.computeIfAbsent(endpoint.getConnection(), name -> new TreeSet<>())
                        .addAll(endpoint.scopes(source));
            } catch (RuntimeException e) {
                // The check of the endpoint tells what is wrong with it.
            }
        }
    }

    private Optional<String> missingDataSource(String uri) {
        return Optional.of(uri)
                .filter(it -> scheme(it).equals("sql"))
                .flatMap(this::dataSource)
                .filter(name -> config.dataSource(name).isEmpty())
                .map(name -> "bridge.datasource." + name + ".url");
    }

    /** Inboxes that routes fill and none reads, and keys of those that no route names. */
    void inboxes() {
        Set<String> read = new TreeSet<>();
        Set<String> named = new TreeSet<>();
        Map<String, RouteDefinition> filled = new TreeMap<>();
        for (RouteDefinition route : routes.keySet()) {
            inbox(route, route.getInput().getEndpointUri()).ifPresent(read::add);
            Steps.walk(
                    route.getOutputs(),
                    step -> Steps.uri(step)
                            .flatMap(uri -> inbox(route, uri))
                            .ifPresent(name -> filled.putIfAbsent(name, route)));
        }
        named.addAll(read);
        named.addAll(filled.keySet());
        filled.forEach((name, route) -> {
            if (!read.contains(name)) {
                warnings.add(new Finding(
                        bundle.relative(routes.get(route)),
                        Math.max(route.getLineNumber(), 0),
                        "no route reads inbox:%s, which route %s fills: what is in it waits"
                                .formatted(name, route.getRouteId())));
            }
        });
        for (String name : config.inboxes()) {
            if (!named.contains(name)) {
                warnings.add(new Finding(
                        "application.properties",
                        0,
                        "bridge.inbox.%s.* is of an inbox that no route names%s"
                                .formatted(name, NearestWord.hint(name, named))));
            }
        }
    }

    private Optional<String> inbox(RouteDefinition route, String uri) {
        return Optional.of(TemplateParameters.resolved(context, route, uri))
                .filter(it -> scheme(it).equals("inbox"))
                .map(it -> path(base(it)).replaceFirst("^//", ""));
    }

    /** Keys that name a route which is not there. */
    void routeKeys() {
        List<String> known = routes.keySet().stream()
                .map(RouteDefinition::getRouteId)
                .filter(Objects::nonNull)
                .toList();
        for (String key : config.routeKeys()) {
            String name = key.split("\\.")[2];
            if (!known.contains(name)) {
                warnings.add(new Finding(
                        "application.properties",
                        0,
                        "%s is for no route of this bundle%s".formatted(key, NearestWord.hint(name, known))));
            }
        }
    }

    private void report(Path file, int line, String message) {
        Finding finding = new Finding(bundle.relative(file), Math.max(line, 0), message);
        // Two steps may use one broken template.
        if (!findings.contains(finding)) {
            findings.add(finding);
        }
    }

    private static String scheme(String uri) {
        int colon = uri.indexOf(':');
        return colon < 0 ? uri : uri.substring(0, colon);
    }

    /** What stands behind the scheme. */
    private static String path(String uri) {
        return uri.substring(uri.indexOf(':') + 1);
    }

    /** Without options. */
    private static String base(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }
}
