package io.crmbridge.bundle;

import io.crmbridge.component.BrokenFileException;
import io.crmbridge.component.FeedSource;
import io.crmbridge.component.FireTimes;
import io.crmbridge.component.MissingFileException;
import io.crmbridge.component.NearestWord;
import io.crmbridge.component.UnknownWordException;
import io.crmbridge.component.hook.HookComponent;
import io.crmbridge.lead.LeadFileException;
import java.time.Instant;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.ResolveEndpointFailedException;

/** Addresses: their component, their options, and what our own endpoints say of themselves. */
final class EndpointCheck {
    private static final Set<String> OURS =
            Set.of("impactiveai", "intellivizz", "inbox", "events", "map", "template", "lead", "hook", "export");
    private static final Set<String> MAIL_OUT = Set.of("smtp", "smtps");
    private static final Set<String> SCHEMES = Set.of(
            "impactiveai",
            "intellivizz",
            "inbox",
            "events",
            "map",
            "lead",
            "template",
            "hook",
            "export",
            "direct",
            "seda",
            "file",
            "http",
            "https",
            "smtp",
            "smtps",
            "sql",
            "imap",
            "imaps",
            "quartz",
            "timer",
            "log",
            "mock",
            "bean",
            "controlbus",
            "ref",
            "scheduler",
            "servlet",
            "stub");

    private final Report report;
    private final CamelContext context;
    private final OptionCheck options;
    private final Set<Use> sound = Collections.newSetFromMap(new IdentityHashMap<>());

    EndpointCheck(Subject subject) {
        this.report = subject.report();
        this.context = subject.context();
        this.options = new OptionCheck(subject, OURS);
    }

    /** Those of our own that nothing is wrong with. */
    static Set<Use> check(Subject subject) {
        EndpointCheck check = new EndpointCheck(subject);
        for (Use use : subject.uses()) {
            if (!use.isDynamic()) {
                TemplateParameters.during(subject.context(), use.route(), () -> check.check(use));
            }
        }
        return check.sound;
    }

    private void check(Use use) {
        if (isUnresolved(use)) {
            return;
        }
        if (context.getComponent(use.scheme(), true, false) == null) {
            report.error(
                    Code.UNKNOWN_COMPONENT,
                    use.finding(
                            "no component \"%s\"%s".formatted(use.scheme(), NearestWord.hint(use.scheme(), SCHEMES))));
            return;
        }
        if (use.is("quartz")) {
            schedule(use);
        }
        boolean fits = true;
        // What stands behind a hook's URL is the target's query.
        if (!use.is("hook") || !HookComponent.isUrl(use.name())) {
            fits = options.check(use);
        }
        if (fits && (OURS.contains(use.scheme()) || MAIL_OUT.contains(use.scheme()))) {
            endpoint(use).ifPresent(it -> {
                sound.add(use);
                if (use.isSource() && it instanceof FeedSource feed) {
                    source(use, feed);
                }
            });
        }
        if (use.isSource() && RouteCheck.isFeed(use.uri()) && use.has("operation")) {
            report.error(
                    Code.WRONG_OPTION,
                    use.atOption(
                            "operation", "an operation is for a target: use %s in a to: step".formatted(use.base())));
        }
    }

    /** In YAML each text is looked at for placeholders without a value, and told with its place. */
    private boolean isUnresolved(Use use) {
        try {
            context.resolvePropertyPlaceholders(use.written());
            return false;
        } catch (RuntimeException e) {
            if (!use.file().isAbsolute()) {
                report.error(
                        Code.UNSET_PROPERTY, use.finding("%s: %s".formatted(Uris.base(use.written()), e.getMessage())));
            }
            return true;
        }
    }

    private void schedule(Use use) {
        Map<String, String> given = use.options();
        if (given.get("cron") != null) {
            try {
                new FireTimes(
                        given.get("cron").replace('+', ' '),
                        Optional.ofNullable(given.get("trigger.timeZone")),
                        Instant.now());
            } catch (IllegalArgumentException e) {
                String option = e.getMessage().contains("time zone") ? "trigger.timeZone" : "cron";
                report.error(Code.WRONG_SCHEDULE, use.atValue(option, "%s: %s".formatted(use.base(), e.getMessage())));
            }
        }
    }

    private void source(Use use, FeedSource endpoint) {
        try {
            endpoint.checkSource();
        } catch (IllegalArgumentException e) {
            report.error(Code.WRONG_OPTION, use.finding(e.getMessage()));
        }
    }

    private Optional<Endpoint> endpoint(Use use) {
        try {
            return Optional.of(context.getEndpoint(use.uri()));
        } catch (ResolveEndpointFailedException e) {
            // Ours is the first that blames an argument; what lies below it is how that was found out.
            Throwable cause = e;
            while (cause.getCause() != null && !(cause instanceof IllegalArgumentException)) {
                cause = cause.getCause();
            }
            refused(use, cause);
            return Optional.empty();
        }
    }

    private void refused(Use use, Throwable cause) {
        if (cause instanceof BrokenFileException broken) {
            report.error(BundleFiles.code(broken), BundleFiles.finding(broken));
        } else if (cause instanceof LeadFileException broken) {
            report.error(Code.LEAD_FILE, BundleFiles.finding(broken));
        } else if (cause instanceof BundleException wrong) {
            wrong.findings().forEach(finding -> report.error(Code.WRONG_PROPERTY, finding));
        } else if (cause instanceof MissingFileException) {
            report.error(Code.MISSING_FILE, use.finding("%s: %s".formatted(use.base(), cause.getMessage())));
        } else {
            String message = String.valueOf(cause.getMessage());
            Code code = cause instanceof UnknownWordException
                    ? Code.UNKNOWN_WORD
                    : message.contains("cron=") || message.contains("no time zone")
                            ? Code.WRONG_SCHEDULE
                            : Code.WRONG_OPTION;
            report.error(code, blamed(use, message, "%s: %s".formatted(use.base(), message)));
        }
    }

    /** Our endpoints begin what they say with the option that they mean. */
    private static Finding blamed(Use use, String said, String message) {
        String option = said.startsWith("there is no time zone")
                ? "timeZone"
                : said.startsWith("no option ") ? said.split("[ :]")[2] : said.split("[ =:]", 2)[0];
        return use.options().containsKey(option) ? use.atValue(option, message) : use.finding(message);
    }
}
