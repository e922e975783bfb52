package io.crmbridge.sandbox;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A fault as JSON: the options of {@link Fault} by their names, durations in ISO 8601, switches as true. */
final class FaultRequest {
    private static final Set<String> OPTIONS = Set.of(
            "method",
            "path",
            "times",
            "status",
            "headers",
            "body",
            "contentType",
            "html",
            "afterCommit",
            "delay",
            "delayBeforeCommit",
            "resetBeforeCommit",
            "resetAfterCommit",
            "truncate",
            "ignoreSince",
            "cap",
            "unsorted",
            "wrapped",
            "noDate",
            "dateSkew",
            "every",
            "chance",
            "seed",
            "resetEitherSide",
            "commitLate",
            "errorObject",
            "tooMany",
            "audienceMissing",
            "withoutId",
            "extraFields",
            "nullFields");

    private final Map<String, Object> options;

    private FaultRequest(Map<String, Object> options) {
        this.options = options;
    }

    /** Throws {@link Problem} 400 for an option that does not exist or a value of the wrong kind. */
    static void arm(Faults faults, Map<String, Object> options) {
        Set<String> unknown = new TreeSet<>(options.keySet());
        unknown.removeAll(OPTIONS);
        if (!unknown.isEmpty()) {
            throw new Problem(
                    400,
                    "A fault has no option %s: its options are %s."
                            .formatted(String.join(", ", unknown), String.join(", ", new TreeSet<>(OPTIONS))));
        }
        new FaultRequest(options).arm(faults);
    }

    private void arm(Faults faults) {
        Fault fault = faults.on(text("method", "*"), text("path", "/api"));
        ifPresent("times", () -> fault.times(number("times")));
        ifPresent("every", () -> fault.every(number("every")));
        ifPresent("chance", () -> fault.chance(decimal("chance"), options.get("seed") == null ? 1 : number("seed")));
        ifPresent("errorObject", () -> fault.errorObject(text("errorObject", "")));
        ifPresent("tooMany", () -> fault.tooMany(duration("tooMany")));
        ifPresent("commitLate", () -> fault.commitLate(duration("commitLate")));
        ifPresent("nullFields", () -> fault.nullFields(texts("nullFields")));
        ifPresent("status", () -> fault.status(number("status")));
        ifPresent("headers", () -> headers(fault));
        ifPresent("body", () -> fault.body(text("body", ""), text("contentType", "application/json")));
        ifPresent("delay", () -> fault.delay(duration("delay")));
        ifPresent("delayBeforeCommit", () -> fault.delayBeforeCommit(duration("delayBeforeCommit")));
        ifPresent("truncate", () -> fault.truncate(number("truncate")));
        ifPresent("cap", () -> fault.cap(number("cap")));
        ifPresent("dateSkew", () -> fault.dateSkew(duration("dateSkew")));
        ifOn("html", fault::html);
        ifOn("audienceMissing", fault::audienceMissing);
        ifOn("withoutId", fault::withoutId);
        ifOn("extraFields", fault::extraFields);
        ifOn("resetEitherSide", fault::resetEitherSide);
        ifOn("afterCommit", fault::afterCommit);
        ifOn("resetBeforeCommit", fault::resetBeforeCommit);
        ifOn("resetAfterCommit", fault::resetAfterCommit);
        ifOn("ignoreSince", fault::ignoreSince);
        ifOn("unsorted", fault::unsorted);
        ifOn("wrapped", fault::wrapped);
        ifOn("noDate", fault::noDate);
        fault.arm();
    }

    private void ifPresent(String option, Runnable set) {
        if (options.get(option) != null) {
            set.run();
        }
    }

    private void ifOn(String option, Runnable set) {
        Object value = options.get(option);
        if (value == null || Boolean.FALSE.equals(value)) {
            return;
        }
        if (!Boolean.TRUE.equals(value)) {
            throw wrong(option, "true or false");
        }
        set.run();
    }

    private void headers(Fault fault) {
        if (!(options.get("headers") instanceof Map<?, ?> headers)) {
            throw wrong("headers", "an object of texts");
        }
        headers.forEach((name, value) -> fault.header(String.valueOf(name), String.valueOf(value)));
    }

    private String text(String option, String otherwise) {
        Object value = options.getOrDefault(option, otherwise);
        if (!(value instanceof String text)) {
            throw wrong(option, "a text");
        }
        return text;
    }

    private int number(String option) {
        if (!(options.get(option) instanceof Integer number)) {
            throw wrong(option, "a whole number");
        }
        return number;
    }

    private double decimal(String option) {
        if (!(options.get(option) instanceof Number number)) {
            throw wrong(option, "a number");
        }
        return number.doubleValue();
    }

    /** An array of texts; true is the empty one. */
    private String[] texts(String option) {
        Object value = options.get(option);
        if (Boolean.TRUE.equals(value)) {
            return new String[0];
        }
        if (!(value instanceof List<?> list) || list.isEmpty() || !list.stream().allMatch(String.class::isInstance)) {
            throw wrong(option, "true or an array of texts");
        }
        return list.toArray(String[]::new);
    }

    private Duration duration(String option) {
        try {
            return Duration.parse(text(option, ""));
        } catch (DateTimeParseException e) {
            throw wrong(option, "an ISO 8601 duration such as PT3S");
        }
    }

    private Problem wrong(String option, String expected) {
        return new Problem(400, "%s must be %s, and is '%s'.".formatted(option, expected, options.get(option)));
    }
}
