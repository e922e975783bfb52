package io.crmbridge.sandbox;

import java.util.Random;

/** Ids that look like the CRM's own: a c and 24 letters or digits, the same in every run with one seed. */
final class Ids {
    private static final String ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final int LENGTH = 25;

    private final Random random;

    Ids(long seed) {
        random = new Random(seed);
    }

    String next() {
        StringBuilder id = new StringBuilder(LENGTH).append('c');
        while (id.length() < LENGTH) {
            id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return id.toString();
    }
}
