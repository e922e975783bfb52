package io.crmbridge.bundle;

import java.util.Set;

/** What is wrong with routes that can be told before they run. */
final class RouteCheck {
    private static final Set<String> FEEDS = Set.of("impactiveai", "intellivizz", "inbox", "events");

    private RouteCheck() {}

    /** @param whole whether all files could be loaded: else who calls whom and what names which key is not known */
    static void check(Subject subject, boolean whole) {
        Set<Use> sound = EndpointCheck.check(subject);
        ConnectionCheck.check(subject, sound);
        SqlCheck.check(subject);
        IdCheck.check(subject);
        LeadCheck.check(subject);
        EarlyEnds.check(subject);
        ErrorHandling.check(subject);
        SharedTargets.check(subject);
        ExpressionCheck.check(subject);
        BeanCheck.check(subject);
        PlaceholderCheck.check(subject);
        SecretCheck.check(subject);
        PlainHttp.check(subject);
        QuotaCheck.check(subject);
        BundleFiles.check(subject);
        if (whole) {
            HandOvers.check(subject);
            InboxCheck.check(subject);
            NamedKeys.check(subject);
        }
    }

    /** Whether a route with this source reads the log. */
    static boolean isFeed(String source) {
        return FEEDS.contains(Uris.scheme(source));
    }
}
