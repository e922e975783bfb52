package io.crmbridge.component;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Predicate;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** Options of {@code operation=snapshot}; the same for each connector. */
@UriParams
public class SnapshotOptions {
    public static final String OPERATION = "snapshot";

    @UriParam(
            label = "producer",
            description = "snapshot: only records for which this simple expression holds, with the record as its body."
                    + " An expression with an ampersand, a plus or a percent sign in it is written RAW(expression)."
                    + " Dates in ISO 8601 compare as text; a field that is missing is neither less nor greater than"
                    + " anything")
    private String where;

    @UriParam(
            label = "producer",
            javaType = "java.time.Duration",
            description =
                    "snapshot: only records whose last version is stamped within this time before now, for example"
                            + " 24h")
    private String updatedWithin;

    @UriParam(
            label = "producer",
            description = "snapshot: comma-separated names of top-level fields; each combination of their values is"
                    + " answered once to this step, and again if the exchange that it was answered to failed. A field"
                    + " that is missing counts as null")
    private String once;

    @UriParam(
            label = "producer",
            defaultValue = "false",
            description = "snapshot: fails, with the reason, where the answer is not known to be complete")
    private boolean requireComplete;

    /** @throws IllegalArgumentException when an option is not what it should be */
    public void check(String operation, CamelContext camel) {
        if (OPERATION.equals(operation)) {
            predicate(camel);
            window();
            onceFields();
            return;
        }
        String stray = where != null
                ? "where"
                : updatedWithin != null ? "updatedWithin" : once != null ? "once" : "requireComplete";
        if (requireComplete || !stray.equals("requireComplete")) {
            throw new IllegalArgumentException("%s is an option of operation=%s alone".formatted(stray, OPERATION));
        }
    }

    Optional<Predicate> predicate(CamelContext camel) {
        if (where == null) {
            return Optional.empty();
        }
        if (!where.contains("${")) {
            // Such a text would hold for every record.
            throw new IllegalArgumentException(
                    "where=%s looks at no field: write for example ${body[status]} != 'paid'".formatted(where));
        }
        try {
            return Optional.of(camel.resolveLanguage("simple").createPredicate(where));
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "where: %s"
                            .formatted(String.valueOf(e.getMessage())
                                    .lines()
                                    .findFirst()
                                    .orElse("no simple expression")),
                    e);
        }
    }

    Optional<Duration> window() {
        return Optional.ofNullable(updatedWithin).map(text -> FeedOptions.duration("updatedWithin", text));
    }

    /** Empty: every record is answered each time. */
    List<String> onceFields() {
        List<String> names = once == null ? List.of() : FeedOptions.names(once);
        if (names.contains("")) {
            throw new IllegalArgumentException("once=%s names no field: write for example id,dueDate".formatted(once));
        }
        return names;
    }

    public String getWhere() {
        return where;
    }

    public void setWhere(String where) {
        this.where = where;
    }

    public String getUpdatedWithin() {
        return updatedWithin;
    }

    public void setUpdatedWithin(String updatedWithin) {
        this.updatedWithin = updatedWithin;
    }

    public String getOnce() {
        return once;
    }

    public void setOnce(String once) {
        this.once = once;
    }

    public boolean isRequireComplete() {
        return requireComplete;
    }

    public void setRequireComplete(boolean requireComplete) {
        this.requireComplete = requireComplete;
    }
}
