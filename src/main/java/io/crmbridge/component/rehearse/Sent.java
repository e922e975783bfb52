package io.crmbridge.component.rehearse;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/**
 * One thing that a route would have done outside.
 *
 * @param to as a route names it, without options: {@code hook:erp}, {@code smtp:office}, {@code impactiveai:contacts},
 *     {@code export:deals-{date}.csv}, {@code https://example.com/path}
 * @param operation of a CRM ({@code create}, {@code update}, {@code enroll}, ...), or the method of an HTTP call; else empty
 * @param about what a CRM's operation is about besides its body: ids in its path and its query, by their names
 * @param body JSON where it is some; else text. Of a mail an object with from, to, cc, bcc, subject, text, html and attachments,
 *     as far as it has them; of a file one with file and text, of an export with rows too; of SQL one with query and parameters
 * @param headers that go along to a target of HTTP
 * @param key by which the receiver would know a repetition, where the step has one
 * @param routeId of the route that the step stands in
 * @param stepId as a person gave it, or as Camel made it up
 */
public record Sent(
        String to,
        Kind kind,
        String operation,
        Map<String, String> about,
        JsonNode body,
        Map<String, String> headers,
        Optional<String> key,
        String routeId,
        Optional<String> stepId) {

    public enum Kind {
        HOOK,
        MAIL,
        HTTP,
        FILE,
        SQL,
        EXPORT,
        INBOX,
        CRM,
        OTHER
    }

    public Sent {
        about = Map.copyOf(about);
        headers = Map.copyOf(headers);
    }
}
