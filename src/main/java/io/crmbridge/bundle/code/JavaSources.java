package io.crmbridge.bundle.code;

import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.BundleException;
import io.crmbridge.bundle.Finding;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import org.apache.camel.builder.RouteBuilder;

/** A bundle's sources, compiled in memory by the JDK that runs. */
final class JavaSources {
    private final Bundle bundle;
    private final Map<String, CompiledClass> compiled;

    private JavaSources(Bundle bundle, Map<String, CompiledClass> compiled) {
        this.bundle = bundle;
        this.compiled = compiled;
    }

    /** @param findings gets every error; with one there are no classes */
    static JavaSources compile(
            Bundle bundle,
            List<Path> sources,
            List<Path> jars,
            Supplier<JavaCompiler> compilers,
            Consumer<Finding> findings) {
        if (sources.isEmpty()) {
            return new JavaSources(bundle, Map.of());
        }
        JavaCompiler compiler = compilers.get();
        if (compiler == null) {
            sources.forEach(source -> findings.accept(new Finding(
                    bundle.relative(source),
                    0,
                    "needs a JDK: this is a JRE at %s, without a compiler; run on a JDK, or put the compiled class in a jar into lib/ and name it in bridge.routes.java"
                            .formatted(System.getProperty("java.home")))));
            return new JavaSources(bundle, Map.of());
        }
        Set<Path> path = new LinkedHashSet<>(jars);
        path.addAll(ProgramPath.entries());
        List<Diagnostic<? extends JavaFileObject>> errors = new ArrayList<>();
        Consumer<Diagnostic<? extends JavaFileObject>> listener = said -> {
            if (said.getKind() == Diagnostic.Kind.ERROR) {
                errors.add(said);
            }
        };
        try (StandardJavaFileManager disk =
                        compiler.getStandardFileManager(listener::accept, Locale.ENGLISH, StandardCharsets.UTF_8);
                CompiledClasses files = new CompiledClasses(disk)) {
            disk.setLocationFromPaths(StandardLocation.CLASS_PATH, path);
            disk.setLocationFromPaths(StandardLocation.SOURCE_PATH, List.of());
            boolean done = compiler.getTask(
                            null,
                            files,
                            listener::accept,
                            List.of("-proc:none", "-parameters", "-g", "-nowarn"),
                            null,
                            disk.getJavaFileObjectsFromPaths(sources))
                    .call();
            errors.forEach(error -> findings.accept(finding(bundle, disk, error)));
            return new JavaSources(bundle, done ? files.byName() : Map.of());
        } catch (IOException e) {
            throw new BundleException(List.of(new Finding("routes", 0, "its sources cannot be compiled: " + e)));
        }
    }

    private static Finding finding(
            Bundle bundle, StandardJavaFileManager disk, Diagnostic<? extends JavaFileObject> error) {
        String text = error.getMessage(Locale.ENGLISH)
                .lines()
                .map(String::strip)
                .map(line -> line.replaceAll("\\s+", " "))
                .collect(Collectors.joining("; "));
        String file = error.getSource() == null ? "routes" : bundle.relative(disk.asPath(error.getSource()));
        return new Finding(
                file,
                (int) Math.max(error.getLineNumber(), 0),
                (int) Math.max(error.getColumnNumber(), 0),
                text.startsWith("package ") && text.endsWith(" does not exist")
                        ? text + ": is its jar in lib/?"
                        : text);
    }

    Map<String, byte[]> classes() {
        Map<String, byte[]> classes = new TreeMap<>();
        compiled.forEach((name, made) -> classes.put(name, made.bytes()));
        return classes;
    }

    /** The builders among the top-level classes; whatever else there is helps them. */
    List<BundleCode.JavaRoutes> routes(ClassLoader loader, Consumer<Finding> findings) {
        List<BundleCode.JavaRoutes> routes = new ArrayList<>();
        compiled.forEach((name, made) -> {
            try {
                Class<?> type = Class.forName(name, false, loader);
                if (!RouteBuilder.class.isAssignableFrom(type)
                        || type.getEnclosingClass() != null
                        || Modifier.isAbstract(type.getModifiers())) {
                    return;
                }
                if (Modifier.isPublic(type.getModifiers())) {
                    routes.add(new BundleCode.JavaRoutes(made.source(), type));
                } else {
                    findings.accept(new Finding(
                            bundle.relative(made.source()),
                            0,
                            "%s is not public, so its routes would not run: write public class %s, in a file of its own, or make it abstract where others extend it"
                                    .formatted(name, type.getSimpleName())));
                }
            } catch (ClassNotFoundException | LinkageError e) {
                findings.accept(
                        new Finding(bundle.relative(made.source()), 0, "%s cannot be loaded: %s".formatted(name, e)));
            }
        });
        routes.sort(Comparator.comparing(BundleCode.JavaRoutes::file));
        return routes;
    }
}
