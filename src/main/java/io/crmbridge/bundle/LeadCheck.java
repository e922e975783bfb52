package io.crmbridge.bundle;

import java.util.List;
import java.util.Set;
import org.apache.camel.model.RouteDefinition;

/** Enrolments that nothing says a sequence for, and mailboxes whose mails would be fetched with all that is attached. */
final class LeadCheck {
    private static final Set<String> MAILBOXES = Set.of("imap", "imaps");

    private LeadCheck() {}

    static void check(Subject subject) {
        for (RouteDefinition route : subject.routes().keySet()) {
            enrolments(subject, subject.usesOf(route));
            mailbox(subject, subject.usesOf(route));
        }
    }

    /** Where no option says which sequence, rules of a lead's file must; a route that others hand over to cannot be told. */
    private static void enrolments(Subject subject, List<Use> uses) {
        boolean byRules = HandOvers.SCHEMES.contains(uses.get(0).scheme());
        for (Use use : uses) {
            byRules |= use.is("lead");
            if (!byRules
                    && !use.isSource()
                    && use.base().equals("impactiveai:enrollments")
                    && !use.has("sequence")
                    && !use.has("tagIds")
                    && !use.has("listIds")
                    && CrmWrites.write(subject.config(), use).isPresent()) {
                subject.report()
                        .error(
                                Code.NO_SEQUENCE,
                                use.finding(
                                        "impactiveai:enrollments enrolls into no sequence: set sequence=, or put a lead: step before it,"
                                                + " whose file says which"));
            }
        }
    }

    /** A mail that Camel reads itself is fetched with all that is attached, and one that it cannot read stops the others. */
    private static void mailbox(Subject subject, List<Use> uses) {
        Use source = uses.get(0);
        if (!MAILBOXES.contains(source.scheme()) || source.uri().contains("mapMailMessage=false")) {
            return;
        }
        uses.stream()
                .filter(use -> use.is("inbox") && use.uri().contains("format=mail"))
                .forEach(use -> subject.report()
                        .error(
                                Code.MAIL_UNMAPPED,
                                source.finding("%s needs mapMailMessage=false before a step to %s with format=mail"
                                        .formatted(source.base(), use.base()))));
    }
}
