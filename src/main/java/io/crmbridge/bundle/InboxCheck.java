package io.crmbridge.bundle;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Inboxes that routes fill and none reads. */
final class InboxCheck {
    private InboxCheck() {}

    static void check(Subject subject) {
        Set<String> read = new TreeSet<>();
        Map<String, Use> filled = new TreeMap<>();
        for (Use use : subject.uses()) {
            if (use.is("inbox") && use.isSource()) {
                read.add(use.name());
            } else if (use.is("inbox")) {
                filled.putIfAbsent(use.name(), use);
            }
        }
        filled.forEach((name, use) -> {
            if (!read.contains(name)) {
                subject.report()
                        .warning(
                                Code.UNREAD_INBOX,
                                use.finding("no route reads inbox:%s, which route %s fills: what is in it waits"
                                        .formatted(name, use.route().getRouteId())));
            }
        });
    }
}
