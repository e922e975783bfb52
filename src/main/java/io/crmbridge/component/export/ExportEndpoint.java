package io.crmbridge.component.export;

import io.crmbridge.component.BridgeServices;
import io.crmbridge.component.CrmConstants;
import io.crmbridge.component.NearestWord;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.camel.Category;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/**
 * Appends the body, a record or a list of them, to a file below the bundle's export folder, each exactly once; or makes
 * an attachment or the body of them.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "export",
        title = "Export",
        syntax = "export:pattern",
        producerOnly = true,
        category = {Category.FILE})
public class ExportEndpoint extends DefaultEndpoint {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^}]*)}");
    private static final List<String> TARGETS = List.of("file", "body", "attachment");
    private static final List<String> FILLED = List.of("date", "feed", "connection");

    @UriPath(
            description =
                    "The file's name with its ending .csv or .ndjson. {date}, {feed} and {connection} are filled in")
    @Metadata(required = true)
    private String pattern;

    @UriParam(
            description =
                    "CSV: comma-separated names of the columns, in order; all fields of the first rows unless it is"
                            + " set")
    private String columns;

    @UriParam(
            defaultValue = "1h",
            description =
                    "When a file is finished and the next one begins: a number of rows (10000rows), a size (100MB) or"
                            + " a time since its first row (1h)")
    private String roll = "1h";

    @UriParam(
            defaultValue = "file",
            enums = "file,body,attachment",
            description =
                    "Where the rows go: to a file; or, made in memory, into the body or to a mail as an attachment. The"
                            + " pattern is then the name")
    private String as = "file";

    ExportEndpoint(String uri, Component component) {
        super(uri, component);
    }

    /** @throws IllegalArgumentException when an option is not what it should be */
    void check() {
        format();
        Roll.parse(roll);
        NearestWord.require("as", as, TARGETS);
        PLACEHOLDER
                .matcher(pattern)
                .results()
                .forEach(found -> NearestWord.require("placeholder", found.group(1), FILLED));
        if (Path.of(pattern).isAbsolute() || Path.of(pattern).normalize().startsWith("..")) {
            throw new IllegalArgumentException(
                    "export:%s leaves the export folder: an export stays below it".formatted(pattern));
        }
    }

    RowFormat format() {
        String lower = pattern.toLowerCase(Locale.ROOT);
        List<String> names = columns == null
                ? List.of()
                : Arrays.stream(columns.split(",")).map(String::strip).toList();
        if (lower.endsWith(".csv")) {
            return new CsvFormat(names);
        }
        if (lower.endsWith(".ndjson")) {
            return new NdjsonFormat(names);
        }
        throw new IllegalArgumentException("export:%s ends neither in .csv nor in .ndjson".formatted(pattern));
    }

    @Override
    public Producer createProducer() {
        BridgeServices services = BridgeServices.of(getCamelContext());
        if (!as.equals("file")) {
            return new InMemoryProducer(this, format(), as.equals("attachment"), services.clock());
        }
        Exporter exporter =
                services.exporter().orElseThrow(() -> new IllegalStateException("this context only checks routes"));
        exporter.expect(pattern, Roll.parse(roll));
        return new ExportProducer(this, exporter, format(), Roll.parse(roll), services.activity());
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("export: is a target only");
    }

    /** The pattern with its placeholders filled in. */
    String fileName(Exchange exchange, Instant now) {
        return pattern.replace(
                        "{date}", LocalDate.ofInstant(now, ZoneOffset.UTC).toString())
                .replace("{feed}", safe(exchange.getMessage().getHeader(CrmConstants.FEED, "none", String.class)))
                .replace(
                        "{connection}",
                        safe(exchange.getMessage().getHeader(CrmConstants.CONNECTION, "none", String.class)));
    }

    /** One name, never a path: whatever a header says, the file stays in its folder. */
    private static String safe(String part) {
        String name = part.replaceAll("[^\\p{L}\\p{N}._-]", "_").replace("..", "_");
        return name.isBlank() ? "_" : name;
    }

    /** As a route names it; keys of effects are made of it. */
    String name() {
        return "export:" + pattern;
    }

    public String getPattern() {
        return pattern;
    }

    public void setPattern(String pattern) {
        this.pattern = pattern;
    }

    public String getColumns() {
        return columns;
    }

    public void setColumns(String columns) {
        this.columns = columns;
    }

    public String getAs() {
        return as;
    }

    public void setAs(String as) {
        this.as = as;
    }

    public String getRoll() {
        return roll;
    }

    public void setRoll(String roll) {
        this.roll = roll;
    }
}
