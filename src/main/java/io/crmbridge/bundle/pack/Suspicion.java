package io.crmbridge.bundle.pack;

import io.crmbridge.bundle.BundleException;
import io.crmbridge.bundle.Finding;
import java.util.List;

/** Why a zip is not taken. */
final class Suspicion extends Exception {
    private static final long serialVersionUID = 1L;

    private final String entry;

    /** @param entry which part of it, as the zip names it; empty for the zip as a whole */
    Suspicion(String entry, String message) {
        super(message);
        this.entry = entry;
    }

    BundleException refused() {
        // A name may be made to move the cursor of whoever reads it on a terminal.
        String shown = entry.isEmpty() ? "the zip" : entry.replaceAll("[\\p{Cc}\\p{Cf}]", "?");
        return new BundleException(List.of(new Finding(shown, 0, getMessage())));
    }
}
