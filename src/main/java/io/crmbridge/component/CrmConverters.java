package io.crmbridge.component;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.TypeConverterRegistry;
import org.apache.camel.support.SimpleTypeConverter;

/** Teaches a context to turn bodies into JSON. */
public final class CrmConverters {
    private CrmConverters() {}

    public static void register(CamelContext context) {
        TypeConverterRegistry registry = context.getTypeConverterRegistry();
        for (Class<?> body : new Class<?>[] {CrmRecord.class, CrmBatch.class}) {
            add(registry, byte[].class, body, value -> CrmRecord.toJson(value));
            add(registry, String.class, body, value -> new String(CrmRecord.toJson(value), StandardCharsets.UTF_8));
            add(registry, InputStream.class, body, value -> new ByteArrayInputStream(CrmRecord.toJson(value)));
            add(registry, JsonNode.class, body, CrmRecord::toTree);
        }
    }

    private interface Conversion {
        Object convert(Object body) throws Exception;
    }

    private static void add(TypeConverterRegistry registry, Class<?> to, Class<?> from, Conversion conversion) {
        registry.addTypeConverter(
                to, from, new SimpleTypeConverter(false, (type, exchange, value) -> conversion.convert(value)));
    }
}
