package io.crmbridge.sandbox;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/** Who is on the sequences of one workspace. */
final class Enrollments {
    private final Outreach outreach;
    private final Audience audience;

    Enrollments(Outreach outreach, Audience audience) {
        this.outreach = outreach;
        this.audience = audience;
    }

    /**
     * What a call enrolled and what it left out. The document says "returns 201 with:" and shows nothing, so the shape
     * of {@link #body} is inferred.
     */
    record Outcome(List<Map<String, Object>> enrolled, List<Map<String, Object>> skipped) {

        /** {@code {"enrolled":[enrolment rows],"skipped":[{"contactId":...,"reason":"already_enrolled"|"not_found"}]}}. */
        Map<String, Object> body() {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("enrolled", enrolled);
            body.put("skipped", skipped);
            return body;
        }
    }

    /** "By any combination of contactIds, tagIds, and listIds (at least one must be provided)." */
    Outcome enroll(String sequenceId, Body body) {
        synchronized (outreach.lock()) {
            outreach.sequence(sequenceId);
            boolean numbers = outreach.ids().areNumbers();
            Set<String> contacts = body.ids("contactIds", numbers);
            Set<String> tags = body.ids(Audience.Kind.TAG.field(), numbers);
            Set<String> lists = body.ids(Audience.Kind.LIST.field(), numbers);
            if (contacts.isEmpty() && tags.isEmpty() && lists.isEmpty()) {
                throw new Problem(
                        400, "At least one of contactIds, tagIds and listIds must be given, and not be empty.");
            }
            Set<String> all = new LinkedHashSet<>(contacts);
            all.addAll(audience.members(Audience.Kind.TAG, tags));
            all.addAll(audience.members(Audience.Kind.LIST, lists));
            return enroll(sequenceId, all, outreach.now());
        }
    }

    /**
     * "The resolved audience is deduped against people already enrolled; skipped rows include a reason (already_enrolled
     * or not_found)." Who has unsubscribed is still on the sequence; who was unenrolled is not.
     */
    Outcome enroll(String sequenceId, Collection<String> contactIds, Instant at) {
        synchronized (outreach.lock()) {
            Sequence sequence = outreach.sequence(sequenceId);
            Outcome outcome = new Outcome(new ArrayList<>(), new ArrayList<>());
            for (String contact : contactIds) {
                if (!outreach.hasContact(contact)) {
                    outcome.skipped().add(skipped(contact, "not_found"));
                } else if (sequence.member(contact) != null) {
                    outcome.skipped().add(skipped(contact, "already_enrolled"));
                } else {
                    Enrollment member = new Enrollment(outreach.ids().next(), contact, sequence.steps(), at);
                    sequence.add(member);
                    outcome.enrolled().add(row(member));
                }
            }
            return outcome;
        }
    }

    /** In the order of enrolment; "only enrollments updated strictly after that timestamp (exclusive boundary)". */
    List<Map<String, Object>> rows(String sequenceId, Instant since, int cap) {
        synchronized (outreach.lock()) {
            return outreach.sequence(sequenceId).members().stream()
                    .filter(member -> since == null || member.updatedAt().isAfter(since))
                    .limit(cap)
                    .map(this::row)
                    .toList();
        }
    }

    Map<String, Object> row(String sequenceId, String contactId) {
        synchronized (outreach.lock()) {
            return row(outreach.sequence(sequenceId).existingMember(contactId));
        }
    }

    /**
     * "Pass contactIds to pause only specific people; omit it to pause everyone currently active on the sequence."
     * Returns who was paused; who is not active is left alone. An empty array is refused, because it says neither.
     */
    List<String> pause(String sequenceId, Body body) {
        synchronized (outreach.lock()) {
            Sequence sequence = outreach.sequence(sequenceId);
            Set<String> asked = body.ids("contactIds", outreach.ids().areNumbers());
            if (body.has("contactIds") && asked.isEmpty()) {
                throw new Problem(400, "contactIds is empty: leave it out to pause everyone.");
            }
            asked.forEach(contact -> outreach.requireContact("contactIds", contact));
            return sequence.members().stream()
                    .filter(member -> asked.isEmpty() || asked.contains(member.contactId()))
                    .filter(member -> member.pause("manual", outreach.now()))
                    .map(Enrollment::contactId)
                    .collect(Collectors.toList());
        }
    }

    /** As a person does on the CRM's screen; no endpoint resumes. */
    void resume(String sequenceId, String contactId) {
        synchronized (outreach.lock()) {
            Sequence sequence = outreach.sequence(sequenceId);
            sequence.existingMember(contactId).resume(sequence.steps(), outreach.now());
        }
    }

    /** As the contact does by a link in a mail: still on the sequence, and never sent to. */
    void unsubscribe(String sequenceId, String contactId) {
        synchronized (outreach.lock()) {
            outreach.sequence(sequenceId).existingMember(contactId).unsubscribe(outreach.now());
        }
    }

    /** Who got a mail of the sequence, and is neither paused nor unsubscribed. */
    List<String> mailed(String sequenceId) {
        synchronized (outreach.lock()) {
            return outreach.sequence(sequenceId).members().stream()
                    .filter(member -> member.currentStep() > 0)
                    .filter(member ->
                            member.status() == EnrollmentStatus.ACTIVE || member.status() == EnrollmentStatus.COMPLETED)
                    .map(Enrollment::contactId)
                    .toList();
        }
    }

    /** The last mail to the member came back. Nothing where it has left the sequence meanwhile. */
    void bounce(String sequenceId, String contactId, String error) {
        synchronized (outreach.lock()) {
            Enrollment member = outreach.sequence(sequenceId).member(contactId);
            if (member != null) {
                member.failed(error, outreach.now());
            }
        }
    }

    /** The next step of one member who waits for it is due at once. */
    void hurry(String sequenceId, Random random) {
        synchronized (outreach.lock()) {
            List<Enrollment> waiting = outreach.sequence(sequenceId).members().stream()
                    .filter(Enrollment::isWaiting)
                    .toList();
            if (!waiting.isEmpty()) {
                waiting.get(random.nextInt(waiting.size())).hurry(outreach.now());
            }
        }
    }

    /** "Unenroll a contact from a sequence." */
    void unenroll(String sequenceId, String contactId) {
        synchronized (outreach.lock()) {
            Sequence sequence = outreach.sequence(sequenceId);
            sequence.existingMember(contactId);
            sequence.removeMember(contactId);
        }
    }

    void forget(String contactId) {
        synchronized (outreach.lock()) {
            outreach.sequences().forEach(sequence -> sequence.removeMember(contactId));
        }
    }

    private Map<String, Object> row(Enrollment member) {
        return member.row(outreach.ids(), outreach.summary(member.contactId()));
    }

    private Map<String, Object> skipped(String contactId, String reason) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("contactId", outreach.ids().shown(contactId));
        row.put("reason", reason);
        return row;
    }
}
