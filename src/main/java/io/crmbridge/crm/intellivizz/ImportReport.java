package io.crmbridge.crm.intellivizz;

import java.util.List;

/**
 * What became of a collection. Names places, and never the values of what is secret.
 *
 * @param requests how many the collection has
 * @param changed operations that the collection does otherwise than it was assumed
 * @param unchanged operations that were assumed rightly
 * @param ambiguous requests and operations that could belong together in several ways: a person decides
 * @param unmatched requests that fit no operation
 * @param assumed operations of the catalogue that the collection does not show
 * @param secrets where something was left out because it is secret
 * @param scripts where a script stood; none is run
 * @param auth how the collection proves who calls, by place
 * @param remarks what else a person should see to
 */
public record ImportReport(
        String collection,
        int requests,
        List<Matched> changed,
        List<Matched> unchanged,
        List<Open> ambiguous,
        List<Open> unmatched,
        List<String> assumed,
        List<String> secrets,
        List<String> scripts,
        List<String> auth,
        List<String> remarks) {

    /**
     * @param operation resource and name
     * @param request its place in the collection
     * @param reason why they belong together
     * @param changes against the assumption, a line each
     */
    public record Matched(String operation, String request, String call, String reason, List<String> changes) {
        public Matched {
            changes = List.copyOf(changes);
        }
    }

    /** @param write what to write into the catalogue by hand; may be empty */
    public record Open(String request, String call, String why, String write) {}

    public ImportReport {
        changed = List.copyOf(changed);
        unchanged = List.copyOf(unchanged);
        ambiguous = List.copyOf(ambiguous);
        unmatched = List.copyOf(unmatched);
        assumed = List.copyOf(assumed);
        secrets = List.copyOf(secrets);
        scripts = List.copyOf(scripts);
        auth = List.copyOf(auth);
        remarks = List.copyOf(remarks);
    }
}
