package io.crmbridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.BundleReader;
import io.crmbridge.bundle.shipped.FeedsInJava;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What README says of the shipped routes. */
class ShippedRoutesTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`[^|]*`) \\|[^|]*\\|[^|]*\\|[^|]*\\|([^|]*)\\|$");
    private static final Pattern ROUTE = Pattern.compile("(?m)(?:^- route:\\n    id: |routeId: )([\\w-]+)");
    private static final Map<String, Pattern> PARTS = Map.of(
            "camel-http", Pattern.compile("\\{\\{chat.webhook}}|uri: \"?https?:"),
            "camel-jackson", Pattern.compile("library: Jackson"),
            "camel-mail", Pattern.compile("uri: smtps?:|\\{\\{leads.mail.url}}"),
            "camel-quartz", Pattern.compile("uri: quartz:"));

    /** The shipped classes of routes, by the name that bridge.routes.java takes. */
    static List<String> inJava() throws IOException {
        String shipped = FeedsInJava.class.getPackageName();
        try (Stream<Path> files = Files.list(Path.of("src/main/java", shipped.split("\\.")))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals("package-info.java"))
                    .map(name -> shipped + "." + name.replace(".java", ""))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void the_table_says_which_camel_parts_each_route_uses() throws IOException {
        Map<String, Set<String>> told = new TreeMap<>();
        String readme = Files.readString(Path.of("README.md"));
        Matcher row =
                ROW.matcher(readme.substring(readme.indexOf("| Shipped route"), readme.indexOf("`REPORT_TIME_ZONE`")));
        while (row.find()) {
            Set<String> parts = Arrays.stream(row.group(2).split(","))
                    .map(String::strip)
                    .filter(part -> !part.isEmpty())
                    .collect(Collectors.toCollection(TreeSet::new));
            for (String route : row.group(1).split(",")) {
                told.put(route.strip().replace("`", ""), parts);
            }
        }
        assertThat(told).isEqualTo(used());
    }

    private static Map<String, Set<String>> used() throws IOException {
        Map<String, Set<String>> used = new TreeMap<>();
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            for (Path file : files.toList()) {
                String text = Files.readString(file);
                Set<String> parts = PARTS.entrySet().stream()
                        .filter(part -> part.getValue().matcher(text).find())
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toCollection(TreeSet::new));
                Matcher route = ROUTE.matcher(text);
                while (route.find()) {
                    used.put(route.group(1), parts);
                }
            }
        }
        return used;
    }

    @Test
    void with_a_key_alone_only_files_are_written_and_nothing_warns() {
        BundleReader.Reading reading = BundleReader.read(
                Bundle.at(Path.of("."), Map.of("bridge.connection.default.api-key", "icrm_" + "0".repeat(32))),
                Map.of());

        assertThat(reading.findings()).isEmpty();
        assertThat(reading.warnings()).isEmpty();
        assertThat(reading.routes())
                .filteredOn(route -> !reading.off().containsKey(route))
                .containsExactlyInAnyOrder(
                        "companies-to-csv", "contacts-to-csv", "projects-to-ndjson", "weekly-export");
    }

    @Test
    void the_routes_in_java_are_read_beside_the_yaml_when_their_classes_are_named() throws IOException {
        Map<String, String> key = Map.of("bridge.connection.default.api-key", "icrm_" + "0".repeat(32));
        Map<String, String> named = new TreeMap<>(key);
        named.put("bridge.routes.java", String.join(",", inJava()));

        BundleReader.Reading without = BundleReader.read(Bundle.at(Path.of("."), key), Map.of());
        BundleReader.Reading with = BundleReader.read(Bundle.at(Path.of("."), named), Map.of());

        assertThat(with.findings()).isEmpty();
        assertThat(with.warnings()).isEmpty();
        assertThat(with.routes()).containsAll(without.routes());
        assertThat(with.routes())
                .filteredOn(route -> !without.routes().contains(route))
                .containsExactlyInAnyOrder(
                        "alerts-in-java",
                        "appointment-mail-in-java",
                        "booking-to-sequence-in-java",
                        "companies-to-webhook-in-java",
                        "contact-replies-stop-in-java",
                        "contact-to-chat-in-java",
                        "contacts-to-csv-in-java",
                        "deal-won-mail-in-java",
                        "deal-won-to-erp-in-java",
                        "deals-report-in-java",
                        "deals-to-database-in-java",
                        "enrollments-failing-in-java",
                        "enrollments-failing-mail-in-java",
                        "form-to-lead-in-java",
                        "invoices-overdue-in-java",
                        "leads-csv-in-java",
                        "leads-in-java",
                        "leads-mail-in-java",
                        "opportunity-won-to-webhook-in-java",
                        "projects-to-ndjson-in-java",
                        "projects-to-webhook-in-java",
                        "replies-collect-in-java",
                        "replies-digest-in-java",
                        "replies-stop-in-java",
                        "replies-to-webhook-in-java",
                        "weekly-export-in-java");
        assertThat(without.routes()).noneMatch(route -> route.endsWith("-in-java"));
    }
}
