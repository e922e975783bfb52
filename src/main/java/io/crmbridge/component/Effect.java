package io.crmbridge.component;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.crmbridge.feed.EffectKeys;
import io.crmbridge.feed.Handover;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;

/**
 * One thing a route does outside, with its key: hash(base, step, split or batch index). A step is known by its own id, or
 * without one by its target; a step that a delivery passes more than once is told apart by counting.
 */
public final class Effect {
    private static final String DELIVERY = "crmDelivery";

    private final Delivery delivery;
    private final String step;
    private final int index;
    private final String key;

    /** What all exchanges of one delivery share, split ones too. */
    private record Delivery(Handover handover, Map<String, Integer> passes) {}

    private Effect(Delivery delivery, String step, int pass, int index) {
        this.delivery = delivery;
        this.step = pass == 1 ? step : step + "#" + pass;
        this.index = index;
        this.key = EffectKeys.effect(delivery.handover().key(), this.step, index);
    }

    static void begin(Exchange exchange, Handover handover) {
        exchange.setProperty(DELIVERY, new Delivery(handover, new ConcurrentHashMap<>()));
    }

    /**
     * Begins a delivery that no change of the log stands behind, such as the fire of a schedule.
     *
     * @param occasion the same at each repetition
     * @param effects keys of what has succeeded already
     * @return the base key
     */
    public static String begin(Exchange exchange, String bundle, String routeId, String occasion, Set<String> effects) {
        String key = EffectKeys.effect(bundle + "/" + routeId, occasion, -1);
        begin(exchange, new Handover(List.of(), key, List.of(), false, 0, effects));
        return key;
    }

    /** Empty where the exchange does not stem from a feed or inbox, and so has no key to repeat. */
    public static Optional<Effect> of(Exchange exchange, String target) {
        Delivery delivery = exchange.getProperty(DELIVERY, Delivery.class);
        if (delivery == null) {
            return Optional.empty();
        }
        int index = exchange.getProperty(ExchangePropertyKey.SPLIT_INDEX, -1, Integer.class);
        String step = StepIds.own(exchange).orElse(target);
        boolean again = exchange.getMessage().getHeader(Exchange.REDELIVERED, false, Boolean.class);
        int pass = delivery.passes().compute(step + "\n" + index, (of, before) -> {
            if (before == null) {
                return 1;
            }
            // Camel leaves its mark of a redelivery on the message, also for the steps after the one that it repeats.
            return again && !new Effect(delivery, step, before, index).isDone() ? before : before + 1;
        });
        return Optional.of(new Effect(delivery, step, pass, index));
    }

    public String key() {
        return key;
    }

    /**
     * Keys of the entries of a body: by their changes where there is one for each; by their content where no change stands
     * behind them, for the next try may find others; else by their positions.
     */
    public List<String> keys(List<?> entries) throws JsonProcessingException {
        if (isKeyedByChange(entries.size())) {
            return delivery.handover().keys().stream()
                    .map(base -> EffectKeys.effect(base, step, -1))
                    .toList();
        }
        boolean byContent = delivery.handover().changes().isEmpty();
        Map<String, Integer> alike = new HashMap<>();
        List<String> keys = new ArrayList<>(entries.size());
        for (Object entry : entries) {
            String content = byContent ? new String(CrmRecord.toJson(entry), StandardCharsets.UTF_8) : "";
            int count = alike.merge(content, 1, Integer::sum) - 1;
            keys.add(entries.size() == 1 && !byContent ? key : EffectKeys.effect(key, step + content, count));
        }
        return keys;
    }

    /** A part that is done or not by itself, such as one recipient of a mail. @param name of which only a hash is kept */
    public Effect part(String name) {
        return new Effect(delivery, step + "\n" + name, 1, index);
    }

    /** Whether it succeeded before a later step failed: then it is not repeated. */
    public boolean isDone() {
        return delivery.handover().effects().contains(key);
    }

    public void done() {
        done(-1);
    }

    /** It succeeded for each of that many entries. */
    public void done(int entries) {
        delivery.handover().effects().add(key);
        if (delivery.handover().batch() && !isKeyedByChange(entries)) {
            delivery.handover().effects().add(Handover.WHOLE);
        }
    }

    private boolean isKeyedByChange(int entries) {
        return index < 0 && delivery.handover().keys().size() == entries;
    }
}
