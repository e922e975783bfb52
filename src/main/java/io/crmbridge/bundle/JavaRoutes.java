package io.crmbridge.bundle;

import io.crmbridge.bundle.code.BundleCode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.RouteConfigurationsBuilder;
import org.apache.camel.builder.RouteBuilder;

/** Routes written in Java: those of a bundle's sources, and those of a class by its name. */
final class JavaRoutes {
    private JavaRoutes() {}

    /** @throws BundleException when the class builds no routes; says what to do */
    static void load(CamelContext context, Bundle bundle, BundleCode.JavaRoutes source) {
        try {
            build(context, source.type());
        } catch (NoSuchMethodException | IllegalAccessException | InstantiationException e) {
            throw wrong(
                    bundle,
                    source,
                    0,
                    "%s needs a public constructor without parameters"
                            .formatted(source.type().getName()));
        } catch (Exception | LinkageError e) {
            Throwable cause = cause(e);
            throw wrong(
                    bundle,
                    source,
                    line(cause, source),
                    "the routes of %s cannot be made: %s"
                            .formatted(source.type().getName(), text(cause)));
        }
    }

    /** @throws BundleException when there is no such class, or it builds no routes; says what to do */
    static void load(CamelContext context, BundleCode code, String name) {
        try {
            Class<?> type = Class.forName(name, true, code.loader());
            if (!RouteBuilder.class.isAssignableFrom(type)) {
                throw named("%s is no org.apache.camel.builder.RouteBuilder".formatted(name));
            }
            build(context, type);
        } catch (ClassNotFoundException e) {
            throw named(
                    "there is no class %s in the jars of lib/: write its full name, and put its jar into the bundle's lib/; what lies in routes/ as a .java file needs no name here"
                            .formatted(name));
        } catch (BundleException e) {
            throw e;
        } catch (Exception | LinkageError e) {
            throw named("the routes of %s cannot be made: %s".formatted(name, text(cause(e))));
        }
    }

    private static void build(CamelContext context, Class<?> type) throws Exception {
        RouteBuilder routes = (RouteBuilder) type.getConstructor().newInstance();
        if (routes instanceof RouteConfigurationsBuilder configurations) {
            context.addRoutesConfigurations(configurations);
        }
        context.addRoutes(routes);
        routes.addTemplatedRoutesToCamelContext(context);
    }

    private static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** An error of the JVM says little without its kind. */
    private static String text(Throwable cause) {
        return cause instanceof RuntimeException && cause.getMessage() != null ? cause.getMessage() : cause.toString();
    }

    /** Where in the source it was thrown. */
    private static int line(Throwable cause, BundleCode.JavaRoutes source) {
        Path file = source.file().getFileName();
        return Stream.of(cause.getStackTrace())
                .filter(at -> file.toString().equals(at.getFileName())
                        && at.getClassName().startsWith(source.type().getName()))
                .mapToInt(StackTraceElement::getLineNumber)
                .findFirst()
                .orElse(0);
    }

    private static BundleException wrong(Bundle bundle, BundleCode.JavaRoutes source, int line, String text) {
        return new BundleException(List.of(new Finding(bundle.relative(source.file()), Math.max(line, 0), text)));
    }

    private static BundleException named(String text) {
        return new BundleException(List.of(new Finding("application.properties", 0, "bridge.routes.java: " + text)));
    }
}
