package io.crmbridge.bundle.dryrun;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * What routes would do. Holds no record's data but in {@link Shown}.
 *
 * @param records which records were tried, for people
 * @param off routes that were not tried because they do not start, with the reason
 * @param crmCalls how many calls were made to each connection's CRM
 * @param problems what could not be read, so that figures may be missing
 */
public record DryRunReport(
        String records,
        List<Route> routes,
        Map<String, String> off,
        Map<String, Long> crmCalls,
        List<String> problems) {

    /**
     * @param source what it is on, without options
     * @param fed records that it got, or one for a fire
     * @param quiet those of them with which it did nothing outside
     * @param failed those of them that would become dead letters, be tried again, or stop the route
     * @param handled those whose failure the route itself dealt with
     * @param shown what it would send, where that was asked for
     */
    public record Route(
            String id,
            String source,
            int fed,
            int quiet,
            int failed,
            int handled,
            List<Effect> effects,
            List<Failure> failures,
            List<String> notes,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Shown> shown) {}

    /**
     * @param kind webhook, mail, row, file, statement, entry, call, message, left out, held, or the operation of a CRM: create,
     *     update, enroll, ...
     * @param to where it goes; why, where it was left out or held
     * @param addresses of mails: to how many different ones
     */
    public record Effect(
            String kind,
            String to,
            long count,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) int addresses) {}

    /** @param count records that fail for this reason */
    public record Failure(String reason, int count) {}

    /** One thing that would be sent, as it would be. */
    public record Shown(String to, String operation, JsonNode body) {}

    /** Whether every record went through, and everything could be read. */
    public boolean isClean() {
        return problems.isEmpty() && routes.stream().allMatch(route -> route.failed() == 0);
    }

    /** The same after so many calls. */
    public DryRunReport withCalls(Map<String, Long> calls) {
        return new DryRunReport(records, routes, off, Map.copyOf(calls), problems);
    }
}
