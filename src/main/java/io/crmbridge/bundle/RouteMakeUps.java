package io.crmbridge.bundle;

import io.crmbridge.bundle.code.BundleCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.NamedNode;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.ModelToYAMLDumper;
import org.apache.camel.support.PluginHelper;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Finds out what each route of a bundle is made of; in doubt of more than it is. */
final class RouteMakeUps {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}]+)}}");
    private static final Pattern PROPERTY = Pattern.compile("\\$\\{properties(?:Exist)?:([^:}]+)");
    /** Also one of several, as in the list of a recipient list. */
    private static final Pattern TARGET = Pattern.compile("\\b([a-z]+):(?://)?([^?\"'\\s,]*)");
    /** Steps whose targets are made for each exchange, of whatever scheme. */
    private static final Pattern ANYWHERE =
            Pattern.compile("\\b(recipientList|routingSlip|dynamicRouter):|\\buri: *[\"']?\\$\\{");
    /** A file that draws on others. */
    private static final Pattern OTHERS = Pattern.compile("(?m)^\\s*import\\s|\\{\\{\\s*>|\"\\$ref\"");
    /** What may name a class of the bundle. */
    private static final Pattern CLASSES = Pattern.compile(
            "(?i)\\b(bean|method|ref|class|type|classpath|resource|xslt|validator)\\b|#(?!bridgeIdempotentRepository\\b)");
    /** What stands in a file of routes and is a route of its own. */
    private static final Set<String> ROUTES = Set.of("route", "from", "routeTemplate", "templatedRoute");
    /** Schemes whose endpoint is named in keys: {@code hook:erp} by {@code bridge.hook.erp.url}. */
    private static final Map<String, String> KEYS = Map.of(
            "hook", "bridge.hook.",
            "smtp", "bridge.mail.",
            "smtps", "bridge.mail.",
            "inbox", "bridge.inbox.",
            "sql", "bridge.datasource.");
    /** Schemes whose endpoint is named like a file. */
    private static final Map<String, String> FOLDERS =
            Map.of("map", "mappings", "template", "templates", "inbox", "schemas", "lead", "leads");

    private final Bundle bundle;
    private final BridgeConfig config;
    private final CamelContext context;
    private final String code;
    private final String ofAll;
    /** What files hold for all routes and send somewhere: error handlers and the like. */
    private final String steps;

    /** @param context that the routes were loaded into */
    RouteMakeUps(Bundle bundle, BridgeConfig config, BundleCode code, CamelContext context) {
        this.bundle = bundle;
        this.config = config;
        this.context = context;
        this.code = code.hash();
        MessageDigest digest = digest();
        for (String key : List.of("bridge.bundle", "bridge.allow-fast-poll")) {
            add(digest, config.value(key).orElse(""));
        }
        // Options of Camel's own and of its components.
        add(digest, properties("camel."));
        StringBuilder sending = new StringBuilder();
        for (Path file : bundle.routeFiles()) {
            for (Object element : common(file)) {
                String text = new Dump(DumpSettings.builder().build()).dumpToString(element);
                add(digest, text);
                properties(digest, text);
                add(digest, resolved(text));
                if (!(element instanceof Map<?, ?> map) || !map.containsKey("beans")) {
                    sending.append(text);
                }
            }
        }
        this.steps = sending.toString();
        this.ofAll = hex(digest);
    }

    private String resolved(String text) {
        try {
            return context.resolvePropertyPlaceholders(text);
        } catch (IllegalArgumentException e) {
            // As it stands; what has no value is told where it is loaded.
            return text;
        }
    }

    /** All with this beginning, with their values. */
    private String properties(String prefix) {
        Map<String, String> found = new TreeMap<>();
        // Camel's ordered Properties answer to entrySet, not to forEach.
        for (Map.Entry<Object, Object> entry :
                context.getPropertiesComponent().loadProperties().entrySet()) {
            if (entry.getKey().toString().startsWith(prefix)) {
                found.put(entry.getKey().toString(), resolved(entry.getValue().toString()));
            }
        }
        return found.toString();
    }

    /** What simple looks up when it runs. */
    private void properties(MessageDigest digest, String text) {
        Matcher property = PROPERTY.matcher(text);
        while (property.find()) {
            add(digest, resolved("{{" + property.group(1).strip() + "}}"));
        }
    }

    /** What a file holds for all routes: beans, error handlers and the like. */
    private List<Object> common(Path file) {
        List<Object> elements = new ArrayList<>();
        try {
            Object content = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
            if (content instanceof List<?> list) {
                for (Object element : list) {
                    if (!(element instanceof Map<?, ?> map)
                            || map.keySet().stream().noneMatch(key -> ROUTES.contains(String.valueOf(key)))) {
                        elements.add(element);
                    }
                }
            }
        } catch (IOException | YamlEngineException e) {
            // Its findings are told where it is loaded.
            elements.add(bundle.relative(file));
        }
        return elements;
    }

    /** @param file that the route is in, or the name of its class */
    RouteMakeUp of(RouteDefinition route, Path file) {
        String text = text(route) + steps;
        MessageDigest digest = digest();
        add(digest, ofAll);
        if (file.toString().endsWith(".java") || CLASSES.matcher(text).find()) {
            add(digest, code);
            if (!this.code.isEmpty()) {
                // Code may look up any.
                add(digest, properties("") + config.values(""));
            }
        }
        add(digest, text);
        add(digest, TemplateParameters.resolved(context, route, text));
        properties(digest, text);
        add(digest, String.valueOf(route.getTemplateParameters()));
        Matcher placeholder = PLACEHOLDER.matcher(text);
        StringBuilder resolved = new StringBuilder();
        while (placeholder.find()) {
            String value = TemplateParameters.resolved(context, route, placeholder.group());
            add(digest, value);
            placeholder.appendReplacement(resolved, Matcher.quoteReplacement(value));
        }
        placeholder.appendTail(resolved);
        Set<String> channels = new TreeSet<>();
        Matcher target = TARGET.matcher(resolved);
        while (target.find()) {
            uses(digest, target.group(1), target.group(2));
            if (isOfTheBundle(target.group(1))) {
                add(digest, code);
            }
            if (target.group(1).equals("direct") || target.group(1).equals("seda")) {
                channels.add(target.group(1) + ":" + (isMade(target.group(2)) ? "*" : target.group(2)));
            }
        }
        if (ANYWHERE.matcher(resolved).find()) {
            channels.add("direct:*");
            channels.add("seda:*");
        }
        return new RouteMakeUp(hex(digest), channels);
    }

    private String text(NamedNode route) {
        ModelToYAMLDumper dumper = PluginHelper.getModelToYAMLDumper(context);
        try {
            return dumper.dumpModelAsYaml(context, route, false, false, false, false);
        } catch (Exception e) {
            throw new IllegalStateException("the route %s cannot be written as YAML".formatted(route.getId()), e);
        }
    }

    private void uses(MessageDigest digest, String scheme, String name) {
        if (KEYS.containsKey(scheme)) {
            // The statement of sql: names its data source in an option, and one that is made is not known before.
            boolean all = scheme.equals("sql") || isMade(name);
            new TreeMap<>(config.values(KEYS.get(scheme) + (all ? "" : name + ".")))
                    .forEach((key, value) -> add(digest, key + "=" + value));
        }
        if (FOLDERS.containsKey(scheme)) {
            files(digest, bundle.folder().resolve(FOLDERS.get(scheme)), isMade(name) ? "" : name);
        }
    }

    private boolean isOfTheBundle(String scheme) {
        Component component = context.hasComponent(scheme);
        return component != null
                && component.getClass().getClassLoader() != Component.class.getClassLoader()
                && component.getClass().getClassLoader() != RouteMakeUps.class.getClassLoader();
    }

    private static boolean isMade(String name) {
        return name.contains("${") || name.contains("{{");
    }

    /** @param name without its ending; empty for all */
    private static void files(MessageDigest digest, Path folder, String name) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> files = all.filter(Files::isRegularFile).sorted().toList();
            List<Path> named = files.stream()
                    .filter(file ->
                            name.isEmpty() || folder.relativize(file).toString().startsWith(name + "."))
                    .toList();
            boolean drawsOnOthers = false;
            for (Path file : named) {
                drawsOnOthers |= OTHERS.matcher(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .find();
            }
            for (Path file : drawsOnOthers ? files : named) {
                add(digest, folder.relativize(file).toString());
                digest.update(Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void add(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
