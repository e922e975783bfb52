package io.crmbridge.feed;

import io.crmbridge.state.Change;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * What a route gets: one change, or a batch of them.
 *
 * @param key base key of the effects (CamelCrmIdempotencyKey)
 * @param keys one base key a change, in order
 * @param batch whether the route asked for batches; a batch may hold a single change
 * @param attempts failed tries before this one
 * @param effects keys of effects that have already succeeded; a producer adds its own
 */
public record Handover(
        List<Change> changes, String key, List<String> keys, boolean batch, int attempts, Set<String> effects) {

    /**
     * Among the effects of a batch: one has succeeded whose key is the whole batch's. Parts of the batch would have other
     * keys and do it once more, so such a batch stays in one piece.
     */
    public static final String WHOLE = "whole";

    /** The first delivery of changes, with the keys that a subscription gives them. @param subscription bundle and name */
    public static Handover first(
            List<Change> changes, String workspaceId, String feed, String subscription, boolean batch) {
        List<String> keys = changes.stream()
                .map(change -> EffectKeys.base(workspaceId, feed, change, subscription))
                .toList();
        return new Handover(changes, EffectKeys.base(keys), keys, batch, 0, ConcurrentHashMap.newKeySet());
    }

    /** Delivers those of the changes alone that are wanted; the others are done. */
    public Outcome deliverOnly(Predicate<Change> wanted, Delivery route) {
        List<Change> some = new ArrayList<>();
        List<String> theirs = new ArrayList<>();
        for (int i = 0; i < changes.size(); i++) {
            if (wanted.test(changes.get(i))) {
                some.add(changes.get(i));
                theirs.add(keys.get(i));
            }
        }
        return some.isEmpty() ? Outcome.DONE : route.deliver(new Handover(some, key, theirs, batch, attempts, effects));
    }

    static Set<String> effects(String saved) {
        Set<String> effects = ConcurrentHashMap.newKeySet();
        if (!saved.isEmpty()) {
            effects.addAll(Arrays.asList(saved.split(" ")));
        }
        return effects;
    }
}
