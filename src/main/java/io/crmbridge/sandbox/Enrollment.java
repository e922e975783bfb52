package io.crmbridge.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** One contact on one sequence. {@code currentStep} is the position of the step that is sent next. Guarded by its workspace's lock. */
final class Enrollment {
    /** How long after a send that failed the next try is. */
    static final Duration RETRY = Duration.ofMinutes(15);

    private final String id;
    private final String contactId;
    private final Instant startedAt;
    private EnrollmentStatus status = EnrollmentStatus.ACTIVE;
    private int currentStep;
    /** What the delay of the current step counts from: the previous send, or the start. */
    private Instant waitsFrom;

    private Instant nextSendAt;
    private Instant completedAt;
    private Instant pausedAt;
    private String pauseReason;
    private String lastSendError;
    private Instant lastSendErrorAt;
    private int consecutiveFailures;
    private Instant updatedAt;

    Enrollment(String id, String contactId, List<Step> steps, Instant at) {
        this.id = id;
        this.contactId = contactId;
        this.startedAt = at;
        this.waitsFrom = at;
        this.updatedAt = at;
        plan(steps);
    }

    String id() {
        return id;
    }

    String contactId() {
        return contactId;
    }

    EnrollmentStatus status() {
        return status;
    }

    Instant updatedAt() {
        return updatedAt;
    }

    int currentStep() {
        return currentStep;
    }

    boolean isDue(Instant now) {
        return status == EnrollmentStatus.ACTIVE && nextSendAt != null && !nextSendAt.isAfter(now);
    }

    /** Whether it waits for a step, due or not. */
    boolean isWaiting() {
        return status == EnrollmentStatus.ACTIVE && nextSendAt != null;
    }

    void sent(String stepId, List<Step> steps, Instant at) {
        int position = positionOf(stepId, steps);
        currentStep = position < 0 ? Math.min(currentStep, steps.size()) : position + 1;
        waitsFrom = at;
        lastSendError = null;
        lastSendErrorAt = null;
        consecutiveFailures = 0;
        updatedAt = at;
        if (status == EnrollmentStatus.ACTIVE) {
            goOn(steps, at);
        }
    }

    void failed(String error, Instant at) {
        lastSendError = error;
        lastSendErrorAt = at;
        consecutiveFailures++;
        updatedAt = at;
        if (status == EnrollmentStatus.ACTIVE) {
            nextSendAt = at.plus(RETRY);
        }
    }

    /** The steps changed, and the one that is next may have another position, another delay, or be gone. */
    void replanned(int newCurrentStep, List<Step> steps, Instant at) {
        if (status == EnrollmentStatus.COMPLETED) {
            currentStep = Math.min(newCurrentStep, steps.size());
            return;
        }
        int before = currentStep;
        Instant plannedBefore = nextSendAt;
        EnrollmentStatus statusBefore = status;
        currentStep = Math.min(newCurrentStep, steps.size());
        boolean triesAgain = consecutiveFailures > 0 && currentStep < steps.size();
        if (status == EnrollmentStatus.ACTIVE && !triesAgain) {
            goOn(steps, at);
        }
        if (before != currentStep || statusBefore != status || !Objects.equals(plannedBefore, nextSendAt)) {
            updatedAt = at;
        }
    }

    /** Whether it was active. */
    boolean pause(String reason, Instant at) {
        if (status != EnrollmentStatus.ACTIVE) {
            return false;
        }
        status = EnrollmentStatus.PAUSED;
        pausedAt = at;
        pauseReason = reason;
        nextSendAt = null;
        updatedAt = at;
        return true;
    }

    /** Whether it was paused. */
    boolean resume(List<Step> steps, Instant at) {
        if (status != EnrollmentStatus.PAUSED) {
            return false;
        }
        status = EnrollmentStatus.ACTIVE;
        pausedAt = null;
        pauseReason = null;
        updatedAt = at;
        goOn(steps, at);
        return true;
    }

    void unsubscribe(Instant at) {
        status = EnrollmentStatus.UNSUBSCRIBED;
        nextSendAt = null;
        updatedAt = at;
    }

    /** Does not wait any longer for its next step. */
    void hurry(Instant at) {
        nextSendAt = at;
        updatedAt = at;
    }

    /** @param contact "a denormalised contact summary" */
    Map<String, Object> row(Ids ids, Map<String, Object> contact) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", ids.shown(id));
        row.put("contactId", ids.shown(contactId));
        row.put("contact", contact);
        row.put("status", status.word());
        row.put("currentStep", currentStep);
        row.put("startedAt", Stamps.isoOrNull(startedAt));
        row.put("nextSendAt", Stamps.isoOrNull(nextSendAt));
        row.put("completedAt", Stamps.isoOrNull(completedAt));
        row.put("pausedAt", Stamps.isoOrNull(pausedAt));
        row.put("pauseReason", pauseReason);
        row.put("lastSendError", lastSendError);
        row.put("lastSendErrorAt", Stamps.isoOrNull(lastSendErrorAt));
        row.put("consecutiveFailures", consecutiveFailures);
        row.put("updatedAt", Stamps.isoOrNull(updatedAt));
        return row;
    }

    /** To the next step, or to the end where something was sent and no step is left. */
    private void goOn(List<Step> steps, Instant at) {
        if (currentStep > 0 && currentStep >= steps.size()) {
            status = EnrollmentStatus.COMPLETED;
            completedAt = at;
        }
        plan(steps);
    }

    private void plan(List<Step> steps) {
        nextSendAt = status == EnrollmentStatus.ACTIVE && currentStep < steps.size()
                ? waitsFrom.plus(steps.get(currentStep).delay())
                : null;
    }

    private static int positionOf(String stepId, List<Step> steps) {
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).id().equals(stepId)) {
                return i;
            }
        }
        return -1;
    }
}
