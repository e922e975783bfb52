package io.crmbridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.test.BundleTests;
import io.crmbridge.bundle.test.TestReport;
import io.crmbridge.bundle.test.TestResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** tests/*.test.yaml of the shipped routes, as `bundle test` runs them. */
class ShippedTestsTest {
    private static final Pattern ROUTE = Pattern.compile("(?m)(?:^- route:\\n    id: |routeId: )([\\w-]+)");

    @TempDir
    private Path folder;

    private static TestReport run(Path bundle, Optional<String> only) {
        return new BundleTests(Bundle.at(bundle, Map.of()), Map.of()).run(only, result -> {});
    }

    @Test
    void every_shipped_route_has_a_test_and_all_of_them_pass() throws IOException {
        TestReport report = run(Path.of("."), Optional.empty());

        assertThat(report.results())
                .filteredOn(result -> !result.passed())
                .as("tests that fail")
                .isEmpty();
        assertThat(report.untested()).isEmpty();
        assertThat(report.results()).hasSizeGreaterThan(report.tested().size());
        assertThat(negative(report))
                .as("routes that filter, and a test of what they leave out")
                .containsAll(filtering());
        assertThat(Thread.getAllStackTraces().keySet())
                .as("threads of schedulers that were made for nothing")
                .extracting(Thread::getName)
                .noneMatch(name -> name.contains("rehearsal"));
    }

    /** Routes that have two tests and more, of which one expects nothing or less. */
    private static Set<String> negative(TestReport report) {
        return report.results().stream()
                .collect(Collectors.groupingBy(TestResult::route, Collectors.counting()))
                .entrySet()
                .stream()
                .filter(route -> route.getValue() > 1)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static Set<String> filtering() throws IOException {
        Set<String> filtering = new TreeSet<>();
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            for (Path file : files.toList()) {
                String text = Files.readString(file);
                Matcher route = ROUTE.matcher(text);
                while (route.find()) {
                    String rest = text.substring(route.end());
                    int next = rest.indexOf("\n- route:");
                    String own = next < 0 ? rest : rest.substring(0, next);
                    if (own.contains("- filter:")) {
                        filtering.add(route.group(1));
                    }
                }
            }
        }
        return filtering;
    }

    @Test
    void a_changed_route_mapping_template_or_column_makes_its_test_fail_and_says_what_differs() throws IOException {
        Files.writeString(folder.resolve("application.properties"), """
                bridge.connection.default.type=impactiveai
                bridge.connection.intellivizz.type=intellivizz
                bridge.hook.erp.url=
                bridge.hook.opportunities.url=
                bridge.mail.office.to=
                poll.delay=5m
                intellivizz.poll.delay=5m
                export.roll=1h
                """);
        for (String file : List.of(
                "routes/deal-won.yaml",
                "routes/opportunity-won.yaml",
                "routes/invoice-paid.yaml",
                "routes/contacts-to-csv.yaml",
                "mappings/deal-to-erp.jslt",
                "templates/invoice-paid.txt")) {
            copy(file);
        }
        for (String route :
                List.of("deal-won-to-erp", "opportunity-won-to-webhook", "invoice-paid", "contacts-to-csv")) {
            copy("tests/" + route + ".test.yaml");
        }
        change("mappings/deal-to-erp.jslt", "\"amount\": .amount", "\"amount\": .value");
        change("routes/opportunity-won.yaml", "'won'", "'lost'");
        change("templates/invoice-paid.txt", "Subject: Paid:", "Subject: Payed:");
        change("routes/contacts-to-csv.yaml", "id,firstName,lastName", "id,lastName,firstName");

        TestReport report = run(folder, Optional.empty());

        assertThat(lines(report, "a deal that is won goes to the ERP"))
                .containsExactly("hook:erp, body.data.amount", "  - 5000", "  + (nothing)");
        assertThat(lines(report, "a won deal whose amount changes later is no news"))
                .isEmpty();
        assertThat(lines(report, "an opportunity that is won goes to the webhook"))
                .containsExactly("not sent: hook:opportunities");
        assertThat(lines(report, "one that is lost does not"))
                .startsWith("sent besides: hook:opportunities")
                .contains("  + status: lost");
        assertThat(lines(report, "the office hears of an invoice that is paid"))
                .containsExactly("smtp:office, subject", "  - Paid: 2026-001", "  + Payed: 2026-001");
        assertThat(lines(report, "a contact becomes a row with these columns"))
                .contains(
                        "export:contacts-{date}.csv, text",
                        "  - id,firstName,lastName,email,phone,title,companyName,updatedAt",
                        "  + id,lastName,firstName,email,phone,title,companyName,updatedAt");
    }

    private static List<String> lines(TestReport report, String test) {
        return report.results().stream()
                .filter(result -> result.name().equals(test))
                .map(TestResult::differences)
                .findFirst()
                .orElseThrow();
    }

    private void change(String file, String from, String to) throws IOException {
        String text = Files.readString(folder.resolve(file));
        assertThat(text).contains(from);
        Files.writeString(folder.resolve(file), text.replace(from, to));
    }

    private void copy(String path) throws IOException {
        Path copy = folder.resolve(path);
        Files.createDirectories(copy.getParent());
        Files.copy(Path.of(path), copy);
    }
}
