package io.crmbridge.component;

import io.crmbridge.feed.EffectKeys;
import io.crmbridge.feed.Handover;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
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

    /** Keys of the entries of a body with that many: one a change of the batch, or one a position. */
    public List<String> keys(int entries) {
        List<String> bases = delivery.handover().keys();
        if (index < 0 && bases.size() == entries) {
            return bases.stream().map(base -> EffectKeys.effect(base, step, -1)).toList();
        }
        return IntStream.range(0, entries)
                .mapToObj(i -> entries == 1 ? key : EffectKeys.effect(key, step, i))
                .toList();
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
        delivery.handover().effects().add(key);
    }
}
