package io.crmbridge.sandbox;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The sequences of one workspace and their steps. */
final class Sequences {
    private final Outreach outreach;
    private final SendingAccounts accounts;

    Sequences(Outreach outreach, SendingAccounts accounts) {
        this.outreach = outreach;
        this.accounts = accounts;
    }

    String create(Body body) {
        return create(body, outreach.now());
    }

    /** "Create a new email sequence with optional inline steps." */
    String create(Body body, Instant at) {
        synchronized (outreach.lock()) {
            Sequence sequence = new Sequence(outreach.ids().next(), incoming().created(body), at);
            for (Body step : body.objects("steps")) {
                sequence.insert(
                        sequence.steps().size(),
                        IncomingSequence.step(outreach.ids().next(), step),
                        at);
            }
            outreach.add(sequence);
            return sequence.id();
        }
    }

    void update(String id, Body body) {
        synchronized (outreach.lock()) {
            Sequence sequence = outreach.sequence(id);
            sequence.settings(incoming().updated(sequence.settings(), body), outreach.now());
        }
    }

    /** With its steps. */
    Map<String, Object> get(String id) {
        synchronized (outreach.lock()) {
            return outreach.sequence(id).rowWithSteps(outreach.ids());
        }
    }

    /** In the order of creation; the document names none. */
    List<Map<String, Object>> rows() {
        synchronized (outreach.lock()) {
            return outreach.sequences().stream()
                    .map(sequence -> sequence.row(outreach.ids()))
                    .toList();
        }
    }

    /** "Append a new step (or insert at a specific zero-based position)." */
    Map<String, Object> addStep(String id, Body body) {
        synchronized (outreach.lock()) {
            Sequence sequence = outreach.sequence(id);
            int end = sequence.steps().size();
            int position = body.has("position") ? body.wholeNumber("position", 0, end) : end;
            Step step = IncomingSequence.step(outreach.ids().next(), body);
            sequence.insert(position, step, outreach.now());
            return step.row(outreach.ids(), position);
        }
    }

    Map<String, Object> updateStep(String id, String stepId, Body body) {
        synchronized (outreach.lock()) {
            Sequence sequence = outreach.sequence(id);
            int from = sequence.positionOf(stepId);
            int to = body.has("position")
                    ? body.wholeNumber("position", 0, sequence.steps().size() - 1)
                    : from;
            Step step = IncomingSequence.updated(sequence.steps().get(from), body);
            sequence.replace(from, to, step, outreach.now());
            return step.row(outreach.ids(), to);
        }
    }

    void deleteStep(String id, String stepId) {
        synchronized (outreach.lock()) {
            Sequence sequence = outreach.sequence(id);
            sequence.removeStep(sequence.positionOf(stepId), outreach.now());
        }
    }

    private IncomingSequence incoming() {
        return new IncomingSequence(accounts, outreach.ids().areNumbers());
    }
}
