package io.crmbridge.crm;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;

/**
 * Who waits for a call, and whose turn it is: writes before polls before back-fill, each in the order in which they came. So that
 * none waits for ever behind endless others, a lane that waits gets every tenth call at least. Not thread-safe.
 */
final class WaitingLanes {
    /** The two lower lanes can be due at once; the second one's is then the tenth. */
    private static final int PASSED_OVER = 8;

    private static final Quota.Lane[] LANES = Quota.Lane.values();

    private final Map<Quota.Lane, Deque<Waiter>> lanes = new EnumMap<>(Quota.Lane.class);
    private final int[] passedOver = new int[LANES.length];

    record Waiter(Quota.Lane lane, Condition turn, long since) {
        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    WaitingLanes() {
        for (Quota.Lane lane : LANES) {
            lanes.put(lane, new ArrayDeque<>());
        }
    }

    boolean isEmpty() {
        return lanes.values().stream().allMatch(Deque::isEmpty);
    }

    int size() {
        return lanes.values().stream().mapToInt(Deque::size).sum();
    }

    void join(Waiter waiter) {
        lanes.get(waiter.lane()).add(waiter);
    }

    void leave(Waiter waiter) {
        Deque<Waiter> lane = lanes.get(waiter.lane());
        lane.remove(waiter);
        if (lane.isEmpty()) {
            passedOver[waiter.lane().ordinal()] = 0;
        }
    }

    Optional<Waiter> next() {
        Waiter first = null;
        for (Quota.Lane lane : LANES) {
            Waiter waiter = lanes.get(lane).peek();
            if (waiter != null && passedOver[lane.ordinal()] >= PASSED_OVER) {
                return Optional.of(waiter);
            }
            if (first == null) {
                first = waiter;
            }
        }
        return Optional.ofNullable(first);
    }

    /** Whose turn it is gets a call. */
    void served(Waiter waiter) {
        for (Quota.Lane lane : LANES) {
            if (lane == waiter.lane()) {
                passedOver[lane.ordinal()] = 0;
            } else if (!lanes.get(lane).isEmpty()) {
                passedOver[lane.ordinal()]++;
            }
        }
    }

    void wakeAll() {
        lanes.values().forEach(lane -> lane.forEach(waiter -> waiter.turn().signal()));
    }
}
