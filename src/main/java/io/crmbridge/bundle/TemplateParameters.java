package io.crmbridge.bundle;

import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.PropertiesComponent;

/** Lets {@code {{placeholders}}} of a route made from a template mean the parameters of that use. */
final class TemplateParameters {
    private TemplateParameters() {}

    static void during(CamelContext context, RouteDefinition route, Runnable work) {
        PropertiesComponent placeholders = context.getPropertiesComponent();
        if (route.getTemplateParameters() == null) {
            work.run();
            return;
        }
        Properties parameters = new Properties();
        route.getTemplateParameters().forEach((name, value) -> parameters.put(name, String.valueOf(value)));
        placeholders.setLocalProperties(parameters);
        try {
            work.run();
        } finally {
            placeholders.setLocalProperties(null);
        }
    }

    /** As it stands where a placeholder has no value, which the check of the endpoint tells. */
    static String resolved(CamelContext context, RouteDefinition route, String text) {
        StringBuilder resolved = new StringBuilder();
        try {
            during(context, route, () -> resolved.append(context.resolvePropertyPlaceholders(text)));
            return resolved.toString();
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
