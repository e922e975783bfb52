package io.crmbridge.bundle;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;

/** Routes written in Java, by the name of their RouteBuilder. */
final class JavaRoutes {
    private JavaRoutes() {}

    /** @throws BundleException when there is no such class, or it builds no routes; says what to do */
    static void load(CamelContext context, String name) {
        try {
            Object builder = Class.forName(name).getDeclaredConstructor().newInstance();
            if (!(builder instanceof RouteBuilder routes)) {
                throw wrong("%s is no org.apache.camel.builder.RouteBuilder".formatted(name));
            }
            context.addRoutes(routes);
            routes.addTemplatedRoutesToCamelContext(context);
        } catch (ClassNotFoundException e) {
            throw wrong(
                    "there is no class %s on the class path: write its full name, put its jar into lib/, and start with java -cp \"crm-bridge.jar:lib/*\" io.crmbridge.App"
                            .formatted(name));
        } catch (BundleException e) {
            throw e;
        } catch (Exception e) {
            throw wrong("the routes of %s cannot be made: %s".formatted(name, e.getMessage()));
        }
    }

    private static BundleException wrong(String text) {
        return new BundleException(List.of(new Finding("application.properties", 0, "bridge.routes.java: " + text)));
    }
}
