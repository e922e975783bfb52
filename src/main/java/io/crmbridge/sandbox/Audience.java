package io.crmbridge.sandbox;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/** The tags and lists of a workspace: "Using tagIds or listIds requires the Audience module to be enabled". */
final class Audience {
    private final Outreach outreach;
    private final Map<Kind, Map<String, Group>> groups = Map.of(
            Kind.TAG, new LinkedHashMap<>(),
            Kind.LIST, new LinkedHashMap<>());
    private volatile boolean enabled;

    enum Kind {
        TAG("tagIds"),
        LIST("listIds");

        private final String field;

        Kind(String field) {
            this.field = field;
        }

        /** Of the body of an enrolment. */
        String field() {
            return field;
        }

        String word() {
            return this == TAG ? "tag" : "list";
        }
    }

    private record Group(String id, String name, Set<String> members) {}

    Audience(Outreach outreach) {
        this.outreach = outreach;
    }

    void enabled(boolean on) {
        enabled = on;
    }

    boolean enabled() {
        return enabled;
    }

    String add(Kind kind, String name, Collection<String> contactIds) {
        synchronized (outreach.lock()) {
            contactIds.forEach(contact -> outreach.requireContact("contactIds", contact));
            Group group = new Group(outreach.ids().next(), name, new LinkedHashSet<>(contactIds));
            groups.get(kind).put(group.id(), group);
            return group.id();
        }
    }

    void addMember(Kind kind, String id, String contactId) {
        synchronized (outreach.lock()) {
            outreach.requireContact("contactIds", contactId);
            group(kind, id).members().add(contactId);
        }
    }

    void removeMember(Kind kind, String id, String contactId) {
        synchronized (outreach.lock()) {
            group(kind, id).members().remove(contactId);
        }
    }

    void remove(Kind kind, String id) {
        synchronized (outreach.lock()) {
            groups.get(kind).remove(group(kind, id).id());
        }
    }

    void forget(String contactId) {
        synchronized (outreach.lock()) {
            groups.values()
                    .forEach(kind ->
                            kind.values().forEach(group -> group.members().remove(contactId)));
        }
    }

    /** The contacts behind the ids of this kind in the body of an enrolment; 400 without the module and for a foreign id. */
    Set<String> members(Kind kind, Set<String> ids) {
        if (!ids.isEmpty() && !enabled) {
            throw new Problem(
                    400,
                    "%s needs the Audience module, which this workspace does not have enabled; contactIds always works."
                            .formatted(kind.field()));
        }
        Set<String> members = new LinkedHashSet<>();
        for (String id : ids) {
            Group group = groups.get(kind).get(id);
            if (group == null) {
                throw Outreach.foreign(kind.field(), id);
            }
            members.addAll(group.members());
        }
        return members;
    }

    List<Map<String, Object>> rows(Kind kind) {
        synchronized (outreach.lock()) {
            List<Map<String, Object>> rows = new ArrayList<>();
            for (Group group : groups.get(kind).values()) {
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("id", outreach.ids().shown(group.id()));
                row.put("name", group.name());
                row.put(
                        "contactIds",
                        group.members().stream().map(outreach.ids()::shown).toList());
                rows.add(row);
            }
            return rows;
        }
    }

    private Group group(Kind kind, String id) {
        Group group = groups.get(kind).get(id);
        if (group == null) {
            throw new NoSuchElementException("There is no %s '%s'.".formatted(kind.word(), id));
        }
        return group;
    }
}
