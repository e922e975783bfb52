package io.crmbridge.sandbox;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/** An e-mail sequence with its steps, the contacts on it and what it sent. Guarded by its workspace's lock. */
final class Sequence {
    private final String id;
    private final Instant createdAt;
    private final List<Step> steps = new ArrayList<>();
    private final Map<String, Enrollment> members = new LinkedHashMap<>();
    private final List<Send> sends = new ArrayList<>();
    private SequenceSettings settings;
    private Instant updatedAt;

    Sequence(String id, SequenceSettings settings, Instant at) {
        this.id = id;
        this.settings = settings;
        this.createdAt = at;
        this.updatedAt = at;
    }

    String id() {
        return id;
    }

    SequenceSettings settings() {
        return settings;
    }

    void settings(SequenceSettings newSettings, Instant at) {
        settings = newSettings;
        updatedAt = at;
    }

    /** "Ordered by position." */
    List<Step> steps() {
        return Collections.unmodifiableList(steps);
    }

    List<Send> sends() {
        return sends;
    }

    /** In the order of their enrolment. */
    Collection<Enrollment> members() {
        return Collections.unmodifiableCollection(members.values());
    }

    /** The enrolment of a contact, or null. */
    Enrollment member(String contactId) {
        return members.get(contactId);
    }

    /** Throws NoSuchElementException where the contact is not on the sequence. */
    Enrollment existingMember(String contactId) {
        Enrollment member = members.get(contactId);
        if (member == null) {
            throw new NoSuchElementException(
                    "The contact '%s' is not enrolled in the sequence '%s'.".formatted(contactId, id));
        }
        return member;
    }

    void add(Enrollment member) {
        members.put(member.contactId(), member);
    }

    void removeMember(String contactId) {
        members.remove(contactId);
    }

    /** Whether this enrolment is still there. */
    boolean holds(String enrollmentId, String contactId) {
        Enrollment member = members.get(contactId);
        return member != null && member.id().equals(enrollmentId);
    }

    /** "Existing steps at or after that index shift down"; who has passed it goes on with the step they were waiting for. */
    void insert(int position, Step step, Instant at) {
        steps.add(position, step);
        updatedAt = at;
        for (Enrollment member : members.values()) {
            boolean passed = position < member.currentStep();
            member.replanned(member.currentStep() + (passed ? 1 : 0), steps, at);
        }
    }

    /** "Setting position reorders the sequence so positions stay contiguous." */
    void replace(int from, int to, Step step, Instant at) {
        List<Step> before = List.copyOf(steps);
        steps.remove(from);
        steps.add(to, step);
        updatedAt = at;
        for (Enrollment member : members.values()) {
            int current = member.currentStep();
            member.replanned(
                    current < before.size() ? positionOf(before.get(current).id()) : current, steps, at);
        }
    }

    /** "Compact the remaining positions back to 0..n-1." */
    void removeStep(int position, Instant at) {
        steps.remove(position);
        updatedAt = at;
        for (Enrollment member : members.values()) {
            boolean passed = position < member.currentStep();
            member.replanned(member.currentStep() - (passed ? 1 : 0), steps, at);
        }
    }

    /** Throws NoSuchElementException for the id of no step of this sequence. */
    int positionOf(String stepId) {
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).id().equals(stepId)) {
                return i;
            }
        }
        throw new NoSuchElementException("There is no step '%s' in the sequence '%s'.".formatted(stepId, id));
    }

    /** "Each row includes stepCount and an enrollmentCounts object." */
    Map<String, Object> row(Ids ids) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", ids.shown(id));
        row.put("name", settings.name());
        row.put("description", settings.description());
        row.put("status", settings.status().word());
        row.put("sendingAccountId", ids.shown(settings.sendingAccountId()));
        row.put("stepCount", steps.size());
        row.put("enrollmentCounts", enrollmentCounts());
        row.put("createdAt", Stamps.iso(createdAt));
        row.put("updatedAt", Stamps.iso(updatedAt));
        return row;
    }

    /** "With its full step list (ordered by position) and enrollment counts." */
    Map<String, Object> rowWithSteps(Ids ids) {
        Map<String, Object> row = row(ids);
        List<Map<String, Object>> shown = new ArrayList<>();
        for (Step step : steps) {
            shown.add(step.row(ids, shown.size()));
        }
        row.put("steps", shown);
        return row;
    }

    /** "Total, plus a count per status — active / paused / completed / unsubscribed." */
    private Map<String, Object> enrollmentCounts() {
        Map<String, Object> counts = new LinkedHashMap<>();
        counts.put("total", members.size());
        for (EnrollmentStatus status : EnrollmentStatus.values()) {
            counts.put(
                    status.word(),
                    members.values().stream()
                            .filter(member -> member.status() == status)
                            .count());
        }
        return counts;
    }
}
