package io.crmbridge.sandbox;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** People who do not exist, numbered: the same in every run with one seed, whichever way each comes in. */
final class LeadPeople {
    private static final int TO_A_COMPANY = 3;
    private static final List<String> FIRST_NAMES = List.of("Ada", "Ben", "Cem", "Dana", "Emil", "Fay", "Gus", "Hana");
    private static final List<String> MESSAGES = List.of(
            "Please send me your price list.",
            "Please call me; mornings are best.",
            "How soon can we start?",
            "We are 12 people, and say \"hello\".");

    private final long seed;
    private final int most;
    private final AtomicInteger made = new AtomicInteger();

    /** Their numbers are those that nobody has: each country keeps some for the stage. */
    private enum Home {
        DE("030 23125 %1$03d", "+49 30 23125-%1$03d"),
        FR("01 99 00 1%2$d %3$02d", "+33 1 99 00 1%2$d %3$02d"),
        GB("020 7946 0%1$03d", "0044 20 7946 0%1$03d"),
        IN("", ""),
        US("(202) 555-01%3$02d", "+1 202 555 01%3$02d");

        private final String near;
        private final String far;

        Home(String near, String far) {
            this.near = near;
            this.far = far;
        }

        String phone(Random random) {
            int number = random.nextInt(1_000);
            return (random.nextBoolean() ? near : far).formatted(number, number / 100, number % 100);
        }
    }

    LeadPeople(long seed, int most) {
        this.seed = seed;
        this.most = most;
    }

    /** Empty when there have been enough. */
    Optional<Lead> next() {
        int number = made.incrementAndGet();
        return number > most ? Optional.empty() : Optional.of(lead(number));
    }

    private Lead lead(int number) {
        Random random = new Random(seed + 1_000_003L * number);
        String firstName = oneOf(FIRST_NAMES, random);
        Home home = oneOf(List.of(Home.values()), random);
        return new Lead(
                firstName,
                "Example",
                "%s.example%d@example.com".formatted(firstName.toLowerCase(Locale.ROOT), number),
                home.phone(random),
                "Example Works %d".formatted(1 + number / TO_A_COMPANY),
                home.name(),
                oneOf(MESSAGES, random));
    }

    private static <T> T oneOf(List<T> choices, Random random) {
        return choices.get(random.nextInt(choices.size()));
    }
}
