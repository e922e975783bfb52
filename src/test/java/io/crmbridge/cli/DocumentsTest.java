package io.crmbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.BundleReader;
import io.crmbridge.bundle.test.BundleTests;
import io.crmbridge.bundle.test.TestReport;
import io.crmbridge.bundle.test.TestResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the documents show is tried: YAML is read as a bundle, commands and their options exist, links lead somewhere. */
class DocumentsTest {
    private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
    private static final Pattern SHELL = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("\\]\\(((?!http)[^)#]+)\\)");

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> every_sample_of_yaml_is_a_bundle_without_findings() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path document : documents()) {
            Matcher yaml = YAML.matcher(Files.readString(document));
            for (int number = 1; yaml.find(); number++) {
                String sample = yaml.group(1);
                Path bundle = folder.resolve(document.getFileName() + "-" + number);
                tests.add(DynamicTest.dynamicTest(bundle.getFileName().toString(), () -> tried(bundle, sample)));
            }
        }
        assertThat(tests).isNotEmpty();
        return tests.stream();
    }

    /** What begins with a route's name is a file of tests, of a shipped route. */
    private static void tried(Path bundle, String sample) throws IOException {
        if (!sample.startsWith("route: ")) {
            reads(bundle, sample);
            return;
        }
        for (String folder : List.of("routes", "mappings", "templates", "leads")) {
            copy(folder, bundle);
        }
        Files.copy(Path.of("application.properties"), bundle.resolve("application.properties"));
        Files.createDirectories(bundle.resolve("tests"));
        Files.writeString(bundle.resolve("tests/sample.test.yaml"), sample);
        TestReport report = new BundleTests(Bundle.at(bundle, Map.of()), Map.of()).run(Optional.empty(), result -> {});
        assertThat(report.results()).isNotEmpty().allMatch(TestResult::passed);
    }

    private static void copy(String folder, Path bundle) throws IOException {
        Files.createDirectories(bundle.resolve(folder));
        try (Stream<Path> files = Files.list(Path.of(folder))) {
            for (Path file : files.toList()) {
                Files.copy(file, bundle.resolve(folder).resolve(file.getFileName()));
            }
        }
    }

    private static void reads(Path bundle, String sample) throws IOException {
        Files.createDirectories(bundle.resolve("routes"));
        Files.copy(Path.of("application.properties"), bundle.resolve("application.properties"));
        for (String folder : List.of("mappings", "templates", "leads")) {
            copy(folder, bundle);
        }
        Files.writeString(bundle.resolve("routes/sample.yaml"), sample);
        BundleReader.Reading reading = BundleReader.read(Bundle.at(bundle, Map.of()), Map.of());
        // A bean that a page leaves to its reader is called my...
        assertThat(reading.findings()).allMatch(finding -> finding.message().startsWith("there is no bean \"my"));
        assertThat(reading.routes()).isNotEmpty();
    }

    @TestFactory
    Stream<DynamicTest> every_command_exists_with_its_options() throws IOException {
        CommandLine program = new CommandLine(new CrmBridge());
        List<DynamicTest> tests = new ArrayList<>();
        for (Path document : documents()) {
            for (String text : commands(Files.readString(document))) {
                String[] words = text.strip().split("\\s+");
                if (program.getSubcommands().containsKey(words[0])) {
                    tests.add(DynamicTest.dynamicTest(
                            document.getFileName() + ": " + text, () -> exists(program, words)));
                }
            }
        }
        assertThat(tests).hasSizeGreaterThan(10);
        return tests.stream();
    }

    private static List<String> commands(String document) {
        List<String> commands = new ArrayList<>();
        Matcher shell = SHELL.matcher(document);
        while (shell.find()) {
            shell.group(1)
                    .lines()
                    .filter(line -> line.contains("bin/crm-bridge "))
                    .forEach(line -> commands.add(
                            line.replaceFirst(".*bin/crm-bridge ", "").replaceFirst("#.*", "")));
        }
        Matcher code = CODE.matcher(document.replaceAll("(?s)```.*?```", ""));
        while (code.find()) {
            commands.add(code.group(1).replaceFirst("^bin/crm-bridge ", ""));
        }
        return commands;
    }

    private static void exists(CommandLine program, String[] words) {
        CommandLine at = program;
        for (String word : words) {
            if (at.getSubcommands().containsKey(word)) {
                at = at.getSubcommands().get(word);
            } else if (word.matches("\\[?--[a-z-]+\\]?")) {
                assertThat(at.getCommandSpec().optionsMap()).containsKey(word.replaceAll("[\\[\\]]", ""));
            }
        }
        StringWriter help = new StringWriter();
        at.usage(new PrintWriter(help));
        assertThat(help.toString()).contains("Usage");
    }

    @TestFactory
    Stream<DynamicTest> every_link_leads_to_a_file() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path document : documents()) {
            Matcher link = LINK.matcher(Files.readString(document));
            while (link.find()) {
                Path target = document.toAbsolutePath().resolveSibling(link.group(1));
                tests.add(DynamicTest.dynamicTest(
                        document.getFileName() + ": " + link.group(1),
                        () -> assertThat(target).exists()));
            }
        }
        assertThat(tests).isNotEmpty();
        return tests.stream();
    }

    private static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>(List.of(Path.of("README.md"), Path.of("CHANGELOG.md")));
        if (Files.isDirectory(Path.of("docs"))) {
            try (Stream<Path> docs = Files.list(Path.of("docs"))) {
                docs.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
            }
        }
        return documents;
    }
}
