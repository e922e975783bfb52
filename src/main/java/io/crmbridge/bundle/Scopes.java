package io.crmbridge.bundle;

import io.crmbridge.component.intellivizz.IntellivizzEndpoint;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What routes need consent for. */
final class Scopes {
    private Scopes() {}

    /** By the name of the connection; an asterisk is every one. */
    static Map<String, Set<String>> of(Subject subject) {
        Map<String, Set<String>> scopes = new TreeMap<>();
        for (Use use : subject.uses()) {
            if (use.is("intellivizz")) {
                try {
                    IntellivizzEndpoint endpoint = subject.context().getEndpoint(use.uri(), IntellivizzEndpoint.class);
                    scopes.computeIfAbsent(endpoint.getConnection(), name -> new TreeSet<>())
                            .addAll(endpoint.scopes(use.isSource()));
                } catch (RuntimeException e) {
                    // The check of the address tells what is wrong with it.
                }
            }
        }
        return scopes;
    }
}
