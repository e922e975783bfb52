package io.crmbridge.component.intellivizz;

import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** Options of operations that call the CRM. */
@UriParams
public class CallOptions {
    @UriParam(
            label = "producer",
            description =
                    "The record's id where the operation is about one, text or a simple expression; unless it is set, the"
                            + " body's field id, or else the header CamelCrmRecordId")
    private String id;

    @UriParam(
            label = "producer",
            description =
                    "The contact's id where the operation is about one, text or a simple expression; unless it is set, the"
                            + " body's field contactId or id, or a body that is an id itself")
    private String contact;

    @UriParam(
            label = "producer",
            description =
                    "trigger of workflows: id or name of the workflow, text or a simple expression; unless it is set, the"
                            + " body's field workflowId")
    private String workflow;

    @UriParam(
            label = "producer",
            description =
                    "thread of messages: the conversation's id, text or a simple expression; unless it is set, the body's"
                            + " field conversationId or id")
    private String conversation;

    @UriParam(
            label = "producer",
            description = "Id of the location, text or a simple expression, where the connection has an agency's key")
    private String location;

    @UriParam(label = "producer", description = "list: only what was updated after this time (ISO 8601)")
    private String since;

    @UriParam(
            label = "producer",
            description = "list: how many at most. They are read page by page; one page unless it is set")
    private Integer limit;

    /** @throws IllegalArgumentException when an option is not one of this operation */
    void check(String operation, boolean isList) {
        if ((since != null || limit != null) && !isList) {
            throw new IllegalArgumentException("%s is an option of operations that list, not of %s"
                    .formatted(since != null ? "since" : "limit", operation));
        }
        if (limit != null && (limit < 1 || limit > 1_000_000)) {
            throw new IllegalArgumentException("limit=%d is not within 1 to 1000000".formatted(limit));
        }
    }

    /** What is given for a placeholder of a path; null where nothing is. */
    String given(String placeholder) {
        return switch (placeholder) {
            case "id" -> id;
            case "contact" -> contact;
            case "workflow" -> workflow;
            case "conversation" -> conversation;
            default -> null;
        };
    }

    public String getId() {
        return id;
    }

    public void setId(String id) {
        this.id = id;
    }

    public String getContact() {
        return contact;
    }

    public void setContact(String contact) {
        this.contact = contact;
    }

    public String getWorkflow() {
        return workflow;
    }

    public void setWorkflow(String workflow) {
        this.workflow = workflow;
    }

    public String getConversation() {
        return conversation;
    }

    public void setConversation(String conversation) {
        this.conversation = conversation;
    }

    public String getLocation() {
        return location;
    }

    public void setLocation(String location) {
        this.location = location;
    }

    public String getSince() {
        return since;
    }

    public void setSince(String since) {
        this.since = since;
    }

    public Integer getLimit() {
        return limit;
    }

    public void setLimit(Integer limit) {
        this.limit = limit;
    }
}
