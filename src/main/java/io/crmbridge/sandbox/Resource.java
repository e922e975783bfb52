package io.crmbridge.sandbox;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The five resources of the Zapier API: what a caller may write, and which names a listed row carries resolved. */
enum Resource {
    CONTACTS(
            List.of("firstName", "lastName"),
            List.of("firstName", "lastName", "email", "phone", "title", "companyId"),
            Map.of("companyId", "companyName")),
    COMPANIES(List.of("name"), List.of("name", "website", "phone"), Map.of()),
    DEALS(
            List.of("name"),
            List.of("name", "amount", "currency", "stageId", "companyId", "contactId"),
            Map.of("stageId", "stageName", "companyId", "companyName", "contactId", "contactName")),
    INVOICES(
            List.of(),
            List.of("number", "status", "subtotal", "tax", "total", "currency", "dueDate", "paidAt"),
            Map.of("companyId", "companyName", "contactId", "contactName")),
    PROJECTS(
            List.of(),
            List.of("name", "stageId", "companyId"),
            Map.of("stageId", "stageName", "companyId", "companyName"));

    private final List<String> required;
    private final List<String> writable;
    private final Map<String, String> resolved;

    Resource(List<String> required, List<String> writable, Map<String, String> resolved) {
        this.required = required;
        this.writable = writable;
        this.resolved = resolved;
    }

    /** The resource of a path segment such as "deals"; throws IllegalArgumentException for any other word. */
    static Resource of(String path) {
        for (Resource resource : values()) {
            if (resource.path().equals(path)) {
                return resource;
            }
        }
        String known = Arrays.stream(values()).map(Resource::path).collect(Collectors.joining(", "));
        throw new IllegalArgumentException("There is no resource '%s': it is one of %s.".formatted(path, known));
    }

    String path() {
        return name().toLowerCase(Locale.ROOT);
    }

    List<String> required() {
        return required;
    }

    List<String> writable() {
        return writable;
    }

    /** Id field of a row to the field that shows the name behind it. */
    Map<String, String> resolved() {
        return resolved;
    }
}
