package io.crmbridge.sandbox;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * How leads come in by themselves.
 *
 * @param inbox where forms are posted to
 * @param folder where CSV files are dropped; it is made where it is missing
 * @param formEach how often a form is posted
 * @param csvEach how often a CSV file is dropped
 * @param csvLines leads in a file, beside its one broken line
 * @param mailEach how often a mail is sent to {@link Mailbox#READ_ADDRESS}
 * @param most so many leads in all, and then no more
 */
public record LeadOptions(
        URI inbox, Path folder, Duration formEach, Duration csvEach, int csvLines, Duration mailEach, int most) {
    public LeadOptions {
        inbox = new FormTarget(inbox).uri();
        Objects.requireNonNull(folder, "folder");
        requirePositive("formEach", formEach);
        requirePositive("csvEach", csvEach);
        requirePositive("mailEach", mailEach);
        if (csvLines < 1 || most < 1) {
            throw new IllegalArgumentException(
                    "csvLines and most must be at least 1, and are %d and %d".formatted(csvLines, most));
        }
    }

    /** A form each 2 s, a file of 3 leads each 15 s, a mail each 10 s, 300 leads at most. */
    public static LeadOptions to(URI inbox, Path folder) {
        return new LeadOptions(
                inbox, folder, Duration.ofSeconds(2), Duration.ofSeconds(15), 3, Duration.ofSeconds(10), 300);
    }

    public LeadOptions withFormEach(Duration newFormEach) {
        return new LeadOptions(inbox, folder, newFormEach, csvEach, csvLines, mailEach, most);
    }

    public LeadOptions withCsvEach(Duration newCsvEach) {
        return new LeadOptions(inbox, folder, formEach, newCsvEach, csvLines, mailEach, most);
    }

    public LeadOptions withCsvLines(int newCsvLines) {
        return new LeadOptions(inbox, folder, formEach, csvEach, newCsvLines, mailEach, most);
    }

    public LeadOptions withMailEach(Duration newMailEach) {
        return new LeadOptions(inbox, folder, formEach, csvEach, csvLines, newMailEach, most);
    }

    public LeadOptions withMost(int newMost) {
        return new LeadOptions(inbox, folder, formEach, csvEach, csvLines, mailEach, newMost);
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be above zero, and is " + value);
        }
    }
}
