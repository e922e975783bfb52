package io.crmbridge.bundle;

import io.crmbridge.component.NearestWord;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;

/** Which database a {@code sql:} is about, and whether what it writes can come twice. */
final class SqlCheck {
    private static final Pattern DATA_SOURCE = Pattern.compile("[?&]dataSource=(?:#bean:|#)?([^&]*)");
    private static final Pattern PLAIN_INSERT = Pattern.compile("(?i)\\binsert\\s+into\\b");
    private static final Pattern UPSERT = Pattern.compile(
            "(?i)\\bon\\s+conflict\\b|\\bon\\s+duplicate\\s+key\\b|\\bmerge\\s+into\\b|\\bnot\\s+exists\\b");

    private SqlCheck() {}

    static void check(Subject subject) {
        for (Use use : subject.uses()) {
            if (use.is("sql")) {
                dataSource(subject, use);
                if (PLAIN_INSERT.matcher(use.uri()).find()
                        && !UPSERT.matcher(use.uri()).find()) {
                    subject.report()
                            .warning(
                                    Code.PLAIN_INSERT,
                                    use.finding(
                                            "a plain INSERT is done at least once, so its row may come twice: write an upsert on the key (ON CONFLICT, ON DUPLICATE KEY or MERGE)"));
                }
            }
        }
    }

    private static void dataSource(Subject subject, Use use) {
        CamelContext context = subject.context();
        Set<String> known = subject.config().dataSources();
        Optional<String> named = named(use.uri());
        if (named.isPresent()) {
            String name = named.get();
            if (!known.contains(name) && context.getRegistry().lookupByNameAndType(name, DataSource.class) == null) {
                String hint = NearestWord.hint(name, known);
                subject.report()
                        .error(
                                Code.NO_DATA_SOURCE,
                                use.atValue(
                                        "dataSource",
                                        "no data source \"%s\"%s"
                                                .formatted(
                                                        name,
                                                        hint.isEmpty()
                                                                ? ": set bridge.datasource." + name + ".url"
                                                                : hint)));
            }
        } else if (known.size() != 1
                && context.getRegistry().findByType(DataSource.class).size() != 1) {
            subject.report()
                    .error(
                            Code.NO_DATA_SOURCE,
                            use.finding(
                                    known.isEmpty()
                                            ? "sql: has no data source: set bridge.datasource.<name>.url"
                                            : "sql: names none of the data sources %s: add dataSource=#%s"
                                                    .formatted(
                                                            String.join(", ", known),
                                                            known.iterator().next())));
        }
    }

    /** The data source that a {@code sql:} needs: the one it names, or the only one there is. */
    static Optional<String> needed(BridgeConfig config, String uri) {
        Set<String> known = config.dataSources();
        return named(uri)
                .or(() -> known.size() == 1 ? Optional.of(known.iterator().next()) : Optional.empty())
                .filter(known::contains);
    }

    private static Optional<String> named(String uri) {
        Matcher match = DATA_SOURCE.matcher(uri);
        return match.find() ? Optional.of(match.group(1)) : Optional.empty();
    }
}
