package io.crmbridge.bundle.code;

import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.BundleException;
import io.crmbridge.bundle.Finding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.apache.camel.CamelContext;

/**
 * The code of a bundle: the classes of {@code routes/**.java}, compiled when this is made, and the jars of lib/, in a class
 * loader of their own.
 *
 * <p>Who makes one owns it, makes it before the Camel context that is to see it, {@linkplain #bind binds} that context to it
 * before the context is built, and closes it after the context. A context has one of its own; closing it lets go of every
 * class that it loaded, provided that no thread of the bundle's own runs on. A bundle without code costs nothing.
 *
 * <p>Any thread may load classes by it; it is made, bound and closed by one.
 */
public final class BundleCode implements AutoCloseable {
    private final List<Path> files;
    private final List<JavaRoutes> routes;
    private final ClassLoader loader;
    private final Runnable letGo;
    private final Path folder;

    /**
     * A public RouteBuilder at the top level of a source.
     *
     * @param file its source, absolute
     */
    public record JavaRoutes(Path file, Class<?> type) {}

    private BundleCode(Path folder, List<Path> files, List<JavaRoutes> routes, ClassLoader loader, Runnable letGo) {
        this.folder = folder;
        this.files = List.copyOf(files);
        this.routes = List.copyOf(routes);
        this.loader = loader;
        this.letGo = letGo;
    }

    /**
     * Compiles and loads.
     *
     * @param findings gets what does not compile, where the JVM has no compiler, and builders that are no routes
     * @throws BundleException when a file of the bundle cannot be read
     */
    public static BundleCode of(Bundle bundle, Consumer<Finding> findings) {
        return of(bundle, findings, ToolProvider::getSystemJavaCompiler);
    }

    /** @param compiler gives null where there is none, as in a JRE */
    static BundleCode of(Bundle bundle, Consumer<Finding> findings, Supplier<JavaCompiler> compiler) {
        List<Path> sources = bundle.javaFiles();
        List<Path> jars = jars(bundle);
        ClassLoader program = BundleCode.class.getClassLoader();
        if (sources.isEmpty() && jars.isEmpty()) {
            return new BundleCode(bundle.folder(), List.of(), List.of(), program, () -> {});
        }
        List<Path> files = new ArrayList<>(sources);
        files.addAll(jars);
        Libraries libraries = Libraries.copy(jars);
        try {
            JavaSources compiled = JavaSources.compile(bundle, sources, libraries.jars(), compiler, findings);
            BundleLoader loader = new BundleLoader(libraries.jars(), compiled.classes(), program);
            return new BundleCode(bundle.folder(), files, compiled.routes(loader, findings), loader, () -> {
                loader.letGo();
                libraries.close();
            });
        } catch (RuntimeException e) {
            libraries.close();
            throw e;
        }
    }

    /** The jars of lib/ that are the bundle's: where it is the folder of the distribution, the program's own are there too. */
    public static List<Path> jars(Bundle bundle) {
        return ProgramPath.without(bundle.jars());
    }

    /** Where the bundle's classes are found, and the program's. */
    public ClassLoader loader() {
        return loader;
    }

    /** The builders in the bundle's sources, in the order of their files. */
    public List<JavaRoutes> routes() {
        return routes;
    }

    /** Lets a context that is not built yet find classes, components, converters and resources of the bundle. */
    public void bind(CamelContext context) {
        if (loader != BundleCode.class.getClassLoader()) {
            context.setApplicationContextClassLoader(loader);
            context.getClassResolver().addClassLoader(loader);
        }
    }

    /**
     * Changes whenever a source or a jar does, in hexadecimal digits; empty where there is none. It is of all the code at once,
     * because a route, also one in YAML, may use any class of it.
     */
    public String hash() {
        if (files.isEmpty()) {
            return "";
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path file : files) {
                digest.update(folder.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
                digest.update(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new BundleException(List.of(new Finding("lib", 0, "a file cannot be read: " + e)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        letGo.run();
    }
}
