package io.crmbridge.crm.impactiveai;

import io.crmbridge.crm.Operation;
import io.crmbridge.crm.Operation.Kind;
import java.util.List;
import java.util.Optional;

/** Every endpoint of the API document that is called as an operation; the first of a resource is its default. */
public final class Operations {
    private static final String SEQUENCE = "/api/agent/sequences/{sequence}";

    public static final List<Operation> ALL = List.of(
            once("contacts", "create", "/api/agent/contacts", "Create one or many contacts."),
            once("contacts", "create", "/api/zapier/contacts", "Create a contact."),
            repeatable(
                    "contacts", "update", "PATCH", "/api/agent/contacts/{id}", "Update a contact. (PATCH is assumed.)"),
            read("contacts", "list", "/api/zapier/contacts", "List contacts with optional ?since= filter."),
            read("contacts", "list", "/api/agent/contacts", "List contacts in the workspace."),
            once("companies", "create", "/api/zapier/companies", "Create a company."),
            read("companies", "list", "/api/zapier/companies", "List companies."),
            once("deals", "create", "/api/zapier/deals", "Create a deal."),
            read(
                    "deals",
                    "list",
                    "/api/zapier/deals",
                    "List deals with stage name, company name, and primary contact name."),
            read("invoices", "list", "/api/zapier/invoices", "List invoices with totals, status, due/paid dates."),
            read("projects", "list", "/api/zapier/projects", "List projects with stage name and company name."),
            once(
                    "sequences",
                    "create",
                    "/api/agent/sequences",
                    "Create a new email sequence with optional inline steps."),
            read("sequences", "get", SEQUENCE, "Fetch a single sequence with its full step list."),
            read("sequences", "list", "/api/agent/sequences", "List every sequence in the workspace."),
            repeatable(
                    "sequences",
                    "update",
                    "PATCH",
                    SEQUENCE,
                    "Update a sequence's name, description, status or sendingAccountId. (PATCH is assumed.)"),
            once(
                    "steps",
                    "add",
                    SEQUENCE + "/steps",
                    "Append a new step (or insert at a specific zero-based position)."),
            repeatable(
                    "steps",
                    "update",
                    "PATCH",
                    SEQUENCE + "/steps/{step}",
                    "Edit any field on a step. (PATCH is assumed.)"),
            repeatable(
                    "steps",
                    "delete",
                    "DELETE",
                    SEQUENCE + "/steps/{step}",
                    "Delete a step and compact the remaining."),
            once("enrollments", "enroll", SEQUENCE + "/enroll", "Enroll contacts into a sequence."),
            repeatable("enrollments", "pause", "POST", SEQUENCE + "/pause", "Pause active enrollments."),
            repeatable(
                    "enrollments",
                    "unenroll",
                    "DELETE",
                    SEQUENCE + "/contacts/{contact}",
                    "Unenroll a contact from a sequence."),
            read("enrollments", "list", SEQUENCE + "/enrollments", "List who is on the sequence plus their state."),
            read("sends", "list", SEQUENCE + "/sends", "List outbound emails sent by this sequence."),
            read("replies", "list", SEQUENCE + "/replies", "List inbound replies from contacts currently enrolled."),
            read(
                    "contact-replies",
                    "list",
                    "/api/agent/contacts/{contact}/replies",
                    "List inbound emails received from this contact."),
            once(
                    "bookings",
                    "create",
                    "/api/agent/bookings",
                    "Create a booking, optionally linked to an existing contact."),
            read("bookings", "list", "/api/agent/bookings", "List all bookings in the workspace."),
            read(
                    "sending-accounts",
                    "list",
                    "/api/agent/sending-accounts",
                    "List the SMTP sending accounts configured for this workspace."),
            read("auth", "test", "/api/zapier/auth/test", "Verify an API key."));

    private Operations() {}

    /** Names of all resources, in the order of the document. */
    public static List<String> resources() {
        return ALL.stream().map(Operation::resource).distinct().toList();
    }

    /** Names of a resource's operations, the default first. */
    public static List<String> names(String resource) {
        return ALL.stream()
                .filter(operation -> operation.resource().equals(resource))
                .map(Operation::name)
                .distinct()
                .toList();
    }

    /** @param api {@code agent} or {@code zapier}; empty: the one that is used for it unless told otherwise */
    public static Optional<Operation> find(String resource, String name, Optional<String> api) {
        return ALL.stream()
                .filter(operation -> operation.resource().equals(resource)
                        && operation.name().equals(name)
                        && api.map(wanted -> operation.path().startsWith("/api/" + wanted + "/"))
                                .orElse(true))
                .findFirst();
    }

    private static Operation once(String resource, String name, String path, String source) {
        return new Operation(resource, name, "POST", path, Kind.ONCE, source);
    }

    private static Operation read(String resource, String name, String path, String source) {
        return new Operation(resource, name, "GET", path, Kind.READ, source);
    }

    private static Operation repeatable(String resource, String name, String verb, String path, String source) {
        return new Operation(resource, name, verb, path, Kind.REPEATABLE, source);
    }
}
