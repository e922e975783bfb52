package io.crmbridge.component.template;

import com.samskivert.mustache.BasicCollector;
import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import io.crmbridge.component.CrmConstants;
import io.crmbridge.component.CrmRecord;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How values become text: fields of Maps and Lists alone, never by reflection; what is unknown stays empty. */
final class Rendering {
    private static final Logger LOG = LoggerFactory.getLogger(Rendering.class);
    /** Stands before the name of a field that is not there; no record can contain it. */
    private static final String UNKNOWN = UUID.randomUUID() + ":";

    private Rendering() {}

    static Mustache.Compiler compiler(String template, boolean html) {
        Set<String> told = ConcurrentHashMap.newKeySet();
        return Mustache.compiler()
                .escapeHTML(html)
                .defaultValue(UNKNOWN + "{{name}}")
                .emptyStringIsFalse(true)
                .withCollector(new Fields())
                .withFormatter(value -> {
                    String text = text(value);
                    if (!text.startsWith(UNKNOWN)) {
                        return text;
                    }
                    String name = text.substring(UNKNOWN.length());
                    if (!mayBeMissing(name) && told.add(name)) {
                        LOG.warn(
                                "template {}: there is no field {}, so it stays empty (told once); a section {{#{}}} asks"
                                        + " whether it is there",
                                template,
                                name,
                                name);
                    }
                    return "";
                });
    }

    /** An entry of a list may be null, and a new record has no version before. */
    private static boolean mayBeMissing(String name) {
        return name.equals(".") || name.startsWith(CrmConstants.PREVIOUS + ".");
    }

    private static String text(Object value) {
        if (value instanceof Map || value instanceof Collection) {
            try {
                return new String(CrmRecord.toJson(value), StandardCharsets.UTF_8);
            } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
                throw new UncheckedIOException(e);
            }
        }
        // Java writes 1000.0 and 1.0E7.
        return value instanceof Double number && Double.isFinite(number)
                ? new BigDecimal(number.toString()).stripTrailingZeros().toPlainString()
                : String.valueOf(value);
    }

    private static final class Fields extends BasicCollector {
        @Override
        public Mustache.VariableFetcher createFetcher(Object context, String name) {
            return context instanceof Map ? Fields::field : super.createFetcher(context, name);
        }

        /** A field that is there and null is known, and empty. */
        private static Object field(Object context, String name) {
            Map<?, ?> fields = (Map<?, ?>) context;
            Object value = fields.get(name);
            return value != null ? value : fields.containsKey(name) ? "" : Template.NO_FETCHER_FOUND;
        }

        @Override
        public <K, V> Map<K, V> createFetcherCache() {
            return new ConcurrentHashMap<>();
        }
    }
}
