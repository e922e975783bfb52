package io.crmbridge.feed;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Failed changes that wait for their next try. Later versions of the same record queue behind, others flow. A unit may be
 * tried when it is first in the queue of each of its records. Guarded by its runner's lock.
 */
final class Parking {
    private final Map<String, Deque<Unit>> queues = new HashMap<>();
    private final Set<Unit> units = new LinkedHashSet<>();
    private final Set<Unit> out = new LinkedHashSet<>();

    boolean blocks(String recordId) {
        return queues.containsKey(recordId);
    }

    boolean holds(long seq) {
        return units.stream().anyMatch(unit -> unit.entries.stream().anyMatch(e -> e.seq() == seq));
    }

    boolean isEmpty() {
        return units.isEmpty();
    }

    /** Puts a unit behind whatever waits for its records. */
    void park(Unit unit) {
        unit.parked = true;
        unit.changes = null;
        units.add(unit);
        unit.entries.stream()
                .map(Unit.Entry::recordId)
                .distinct()
                .forEach(id ->
                        queues.computeIfAbsent(id, key -> new ArrayDeque<>()).add(unit));
    }

    /** Puts a unit back that was tried again and keeps its place. */
    void keep(Unit unit) {
        unit.changes = null;
        out.remove(unit);
    }

    /** Lets a unit go: it is done, dead, or cut in two. */
    void leave(Unit unit) {
        out.remove(unit);
        if (!units.remove(unit)) {
            return;
        }
        unit.parked = false;
        for (Unit.Entry entry : unit.entries) {
            Deque<Unit> queue = queues.get(entry.recordId());
            if (queue != null) {
                queue.remove(unit);
                if (queue.isEmpty()) {
                    queues.remove(entry.recordId());
                }
            }
        }
    }

    /** Replaces a unit by its parts, first part first, at the same place of every queue. */
    void replace(Unit unit, List<Unit> parts) {
        out.remove(unit);
        units.remove(unit);
        for (Unit.Entry entry : unit.entries) {
            Deque<Unit> queue = queues.get(entry.recordId());
            if (queue != null && queue.contains(unit)) {
                List<Unit> rebuilt = new ArrayList<>();
                for (Unit waiting : queue) {
                    if (waiting == unit) {
                        parts.stream()
                                .filter(part -> part.entries.stream()
                                        .anyMatch(e -> e.recordId().equals(entry.recordId())))
                                .forEach(rebuilt::add);
                    } else {
                        rebuilt.add(waiting);
                    }
                }
                queue.clear();
                queue.addAll(rebuilt);
            }
        }
        parts.forEach(part -> {
            part.parked = true;
            part.changes = null;
            units.add(part);
        });
    }

    /** Takes out what is due and first of its records, earliest first. */
    List<Unit> takeDue(Instant now) {
        List<Unit> due = units.stream()
                .filter(unit -> !out.contains(unit) && !unit.nextTryAt.isAfter(now) && isFirst(unit))
                .sorted(Comparator.comparing((Unit unit) -> unit.nextTryAt).thenComparing(Unit::firstSeq))
                .toList();
        out.addAll(due);
        return due;
    }

    /** Takes out the one whose last try is longest ago, due or not: another record each time. */
    Optional<Unit> takeLongestUntried() {
        Optional<Unit> unit = units.stream()
                .filter(u -> !out.contains(u) && isFirst(u))
                .min(Comparator.comparing((Unit u) -> u.nextTryAt).thenComparing(Unit::firstSeq));
        unit.ifPresent(out::add);
        return unit;
    }

    Optional<Instant> nextTry() {
        return units.stream()
                .filter(unit -> !out.contains(unit) && isFirst(unit))
                .map(unit -> unit.nextTryAt)
                .min(Instant::compareTo);
    }

    void allDue(Instant now) {
        units.forEach(unit -> unit.nextTryAt = unit.nextTryAt.isAfter(now) ? now : unit.nextTryAt);
    }

    /** How many could be tried. */
    int firsts() {
        return (int) units.stream()
                .filter(unit -> !out.contains(unit) && isFirst(unit))
                .count();
    }

    private boolean isFirst(Unit unit) {
        for (Unit.Entry entry : unit.entries) {
            if (queues.get(entry.recordId()).peek() != unit) {
                return false;
            }
        }
        return true;
    }
}
