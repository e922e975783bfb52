package io.crmbridge.component.impactiveai;

import io.crmbridge.component.NearestWord;
import java.util.List;
import java.util.Set;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** Options of operations that call the CRM. */
@UriParams
public class CallOptions {
    private static final List<String> VERBS = List.of("PATCH", "PUT", "POST");
    private static final String SEQUENCE = "sequence";
    private static final String EVERYWHERE = "everywhere";

    @UriParam(
            label = "producer",
            enums = "agent,zapier",
            description =
                    "Which of the two APIs is called where both can do it: for a contact, create uses agent and list"
                            + " zapier unless this is set")
    private String api;

    @UriParam(
            label = "producer",
            enums = "PATCH,PUT,POST",
            defaultValue = "PATCH",
            description = "update: the HTTP verb, which the API document does not name")
    private String verb;

    @UriParam(
            label = "producer",
            description =
                    "The record's id where the operation is about one, text or a simple expression; unless it is set, the"
                            + " body's field id, or else the header CamelCrmRecordId")
    private String id;

    @UriParam(
            description =
                    "The contact's id where the operation is about one, text or a simple expression; unless it is set, the"
                            + " body's field contactId or id, or a body that is an id itself. As a source of contact-replies: the"
                            + " contact whose replies are read")
    private String contact;

    @UriParam(
            label = "producer",
            description =
                    "update and delete of steps: the step's id, text or a simple expression; unless it is set, the body's"
                            + " field id")
    private String step;

    @UriParam(label = "producer", description = "list: only what was updated after this time (ISO 8601)")
    private String since;

    @UriParam(label = "producer", description = "list: how many at most. Of contacts alone, with api=agent, 1 to 500")
    private Integer limit;

    @UriParam(
            label = "producer",
            defaultValue = "false",
            description = "pause: everybody who is active in the sequence; else the contacts of the body")
    private boolean all;

    @UriParam(
            label = "producer",
            description =
                    "enroll: comma-separated ids of tags whose contacts are enrolled; needs the CRM's Audience module")
    private String tagIds;

    @UriParam(
            label = "producer",
            description =
                    "enroll: comma-separated ids of lists whose contacts are enrolled; needs the CRM's Audience module")
    private String listIds;

    @UriParam(
            label = "producer",
            defaultValue = "false",
            description =
                    "enroll: allows tagIds and listIds, though the bridge does not see whom they mean and so cannot leave"
                            + " out who has unsubscribed, was unenrolled or asked not to be enrolled")
    private boolean allowUnchecked;

    @UriParam(
            label = "producer",
            defaultValue = "sequence",
            enums = "sequence,everywhere",
            description =
                    "unenroll: where the contact is not enrolled again. sequence: in the sequence it is taken off;"
                            + " everywhere: in no sequence, by its id and by the addresses that the body and the mirror have of"
                            + " it; noted before the CRM is called")
    private String suppress = SEQUENCE;

    @UriParam(
            label = "producer",
            defaultValue = "email",
            description =
                    "upsert: the field in which a contact that is there has the same value, without regard to case")
    private String matchBy = "email";

    @UriParam(
            label = "producer",
            defaultValue = "hold",
            enums = "hold,create",
            description =
                    "upsert: what to do when it is not proven that there is no such contact. hold: a person decides on"
                            + " the intent; create: create it, though there may be one")
    private String onUnproven = "hold";

    @UriParam(
            label = "producer",
            defaultValue = "update",
            enums = "update,keep",
            description =
                    "upsert: what to do with a contact that is there. update: what the body says is written to it;"
                            + " keep: it stays as it is, so that whoever knows an address cannot change the contact by a form")
    private String onMatch = "update";

    /** @throws IllegalArgumentException when an option is not what it should be, or not one of this operation */
    void check(String resource, String operation) {
        if (verb != null) {
            only("verb", operation, Set.of("update", "upsert"));
            NearestWord.require("verb", verb, VERBS);
        }
        NearestWord.require("onUnproven", onUnproven, List.of("hold", "create"));
        NearestWord.require("onMatch", onMatch, List.of("update", "keep"));
        if (!operation.equals("upsert")
                && !(onUnproven.equals("hold") && matchBy.equals("email") && onMatch.equals("update"))) {
            throw new IllegalArgumentException(
                    "matchBy, onMatch and onUnproven are options of operation=upsert, not of " + operation);
        }
        if (api != null) {
            NearestWord.require("api", api, List.of("agent", "zapier"));
        }
        if (since != null) {
            only("since", operation, Set.of("list"));
        }
        if (limit != null) {
            only("limit", operation, Set.of("list"));
            if (!resource.equals("contacts") || !"agent".equals(api)) {
                throw new IllegalArgumentException("limit is an option of contacts with api=agent alone");
            }
            if (limit < 1 || limit > 500) {
                throw new IllegalArgumentException("limit=%d is not within 1 to 500".formatted(limit));
            }
        }
        NearestWord.require("suppress", suppress, List.of(SEQUENCE, EVERYWHERE));
        if (isSuppressedEverywhere()) {
            only("suppress", operation, Set.of("unenroll"));
        }
        if (all) {
            only("all", operation, Set.of("pause"));
        }
        if (tagIds != null || listIds != null) {
            only("tagIds or listIds", operation, Set.of("enroll"));
            if (!allowUnchecked) {
                throw new IllegalArgumentException(
                        "whom tagIds and listIds mean cannot be checked against who must not be enrolled: set"
                                + " allowUnchecked=true to enrol them all the same");
            }
        }
    }

    private static void only(String option, String operation, Set<String> operations) {
        if (!operations.contains(operation)) {
            throw new IllegalArgumentException("%s is an option of operation=%s, not of %s"
                    .formatted(option, String.join(", ", operations), operation));
        }
    }

    public String getApi() {
        return api;
    }

    public void setApi(String api) {
        this.api = api;
    }

    public String getVerb() {
        return verb;
    }

    public void setVerb(String verb) {
        this.verb = verb;
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

    public String getStep() {
        return step;
    }

    public void setStep(String step) {
        this.step = step;
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

    public boolean isAll() {
        return all;
    }

    public void setAll(boolean all) {
        this.all = all;
    }

    public String getSuppress() {
        return suppress;
    }

    public void setSuppress(String suppress) {
        this.suppress = suppress;
    }

    boolean isSuppressedEverywhere() {
        return suppress.equals(EVERYWHERE);
    }

    public String getMatchBy() {
        return matchBy;
    }

    public void setMatchBy(String matchBy) {
        this.matchBy = matchBy;
    }

    public String getOnUnproven() {
        return onUnproven;
    }

    public void setOnUnproven(String onUnproven) {
        this.onUnproven = onUnproven;
    }

    public String getOnMatch() {
        return onMatch;
    }

    public void setOnMatch(String onMatch) {
        this.onMatch = onMatch;
    }

    public String getTagIds() {
        return tagIds;
    }

    public void setTagIds(String tagIds) {
        this.tagIds = tagIds;
    }

    public boolean isAllowUnchecked() {
        return allowUnchecked;
    }

    public void setAllowUnchecked(boolean allowUnchecked) {
        this.allowUnchecked = allowUnchecked;
    }

    public String getListIds() {
        return listIds;
    }

    public void setListIds(String listIds) {
        this.listIds = listIds;
    }
}
