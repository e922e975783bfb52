package io.crmbridge.bundle;

import io.crmbridge.component.NearestWord;
import io.crmbridge.crm.intellivizz.Account;
import io.crmbridge.crm.intellivizz.Catalogue;
import io.crmbridge.crm.intellivizz.CatalogueEntry;
import io.crmbridge.crm.intellivizz.Intellivizz;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Which connection an address is about, and whether its key is one for that. */
final class ConnectionCheck {
    static final Set<String> CRMS = Set.of("impactiveai", "intellivizz");

    private final ConnectionKeys crm;
    private final Report report;

    private ConnectionCheck(Subject subject) {
        this.crm = subject.config().crm();
        this.report = subject.report();
    }

    /** @param sound addresses that nothing else is wrong with */
    static void check(Subject subject, Set<Use> sound) {
        ConnectionCheck check = new ConnectionCheck(subject);
        for (Use use : subject.uses()) {
            if (CRMS.contains(use.scheme()) && !use.isDynamic()) {
                if (check.isThere(use) && use.is(Intellivizz.TYPE) && sound.contains(use)) {
                    check.whoseKey(
                            use, use.isSource() || use.option("operation").equals(Optional.of("snapshot")));
                }
            }
        }
    }

    static String connection(Use use) {
        return use.option("connection").orElse("default");
    }

    private boolean isThere(Use use) {
        String name = connection(use);
        Map<String, String> types = crm.connectionTypes();
        if (types.isEmpty() || name.equals("*") || crm.isOfAnApp(name)) {
            return true;
        }
        Set<String> fitting = new TreeSet<>(types.keySet());
        fitting.removeIf(other -> !types.get(other).equals(use.scheme()));
        String instead = fitting.isEmpty()
                ? "set bridge.connection.<name>.type=%s and its siblings".formatted(use.scheme())
                : "of type %s there are %s".formatted(use.scheme(), String.join(", ", fitting));
        if (!types.containsKey(name)) {
            String hint = NearestWord.hint(name, fitting);
            report.error(
                    Code.UNKNOWN_CONNECTION,
                    use.atValue(
                            "connection",
                            "%s: no connection \"%s\"%s"
                                    .formatted(use.base(), name, hint.isEmpty() ? ": " + instead : hint)));
            return false;
        }
        if (CRMS.contains(types.get(name)) && !types.get(name).equals(use.scheme())) {
            report.error(
                    Code.UNKNOWN_CONNECTION,
                    use.atValue(
                            "connection",
                            "%s: connection %s is of type %s; %s"
                                    .formatted(use.base(), name, types.get(name), instead)));
            return false;
        }
        return true;
    }

    /**
     * Whose records a feed of Intellivizz has, and what a call is about, depends on whose key it is.
     *
     * @param isFeed a source, or a snapshot of one
     */
    private void whoseKey(Use use, boolean isFeed) {
        String connection = connection(use);
        Account account = crm.account(connection);
        Optional<CatalogueEntry> called;
        try {
            called = called(crm.catalogue(connection), use, isFeed);
        } catch (BundleException e) {
            // The check of the address tells what is wrong with the catalogue.
            return;
        }
        boolean agencys = called.filter(CatalogueEntry::agency).isPresent();
        boolean chosen = use.options().containsKey(isFeed ? "locations" : "location");
        if (account.isAgency() && !agencys && !chosen && isFeed) {
            wrong(
                    use,
                    "%s is of each location, and connection %s has an agency's key: set locations= to an id, a name, or * for all"
                            .formatted(use.base(), connection));
        } else if (account.isAgency()
                && !agencys
                && !chosen
                && called.filter(CatalogueEntry::isOfOneLocation).isPresent()) {
            wrong(
                    use,
                    "%s is about one location, and connection %s has an agency's key: set location= to its id"
                            .formatted(use.base(), connection));
        } else if (account.location().isPresent() && (isFeed ? chosen != agencys : agencys)) {
            wrong(
                    use,
                    "%s%s needs an agency's key, and connection %s has that of a location: use a connection with agency-id"
                            .formatted(use.base(), isFeed && chosen ? " with locations=" : "", connection));
        }
    }

    private void wrong(Use use, String message) {
        report.error(Code.WRONG_ACCOUNT, use.finding(message));
    }

    private static Optional<CatalogueEntry> called(Catalogue catalogue, Use use, boolean isFeed) {
        if (isFeed) {
            return catalogue.feed(use.name()).flatMap(feed -> catalogue.find(use.name(), feed.list()));
        }
        return use.option("operation")
                .map(operation -> catalogue.find(use.name(), operation))
                .orElseGet(() -> catalogue.operations(use.name()).stream().findFirst());
    }
}
