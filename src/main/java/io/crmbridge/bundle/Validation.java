package io.crmbridge.bundle;

import io.crmbridge.component.template.Templates;
import io.crmbridge.state.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Checks all of a bundle that can be known before it runs. Starts nothing, calls nobody, writes nothing. */
public final class Validation {
    private static final List<String> FOLDERS =
            List.of("routes", "mappings", "templates", "schemas", "leads", "tests", "lib");

    /**
     * @param problems in the order of files and lines
     * @param files of the bundle that were looked at
     * @param routes that could be read
     */
    public record Result(List<Problem> problems, int files, int routes) {
        public long errors() {
            return problems.size() - warnings();
        }

        public long warnings() {
            return problems.stream().filter(Problem::warning).count();
        }
    }

    private Validation() {}

    /**
     * @param folder of the bundle
     * @param environment whose BRIDGE_ variables win over its properties
     * @param store whose mirror says which fields records have; empty where there is none yet
     * @throws BundleException when the folder is no bundle
     */
    public static Result of(Path folder, Map<String, String> environment, Optional<Store> store) {
        return of(Bundle.at(folder, Map.of()), environment, store);
    }

    /** As {@link #of(Path, Map, Optional)}. */
    public static Result of(Bundle bundle, Map<String, String> environment, Optional<Store> store) {
        Report report = new Report(bundle);
        int routes = 0;
        try {
            BundleReader.Reading reading = BundleReader.read(bundle, environment, report);
            routes = reading.routes().size();
            fields(bundle, report, reading, store);
        } catch (BundleException e) {
            // The report has them, unless something went wrong that is not the bundle's.
            e.findings().forEach(finding -> report.error(Code.WRONG_PROPERTY, finding));
        }
        return new Result(report.problems(), files(bundle), routes);
    }

    /** A template that does not compile is told already, and names no fields. */
    private static void fields(Bundle bundle, Report report, BundleReader.Reading reading, Optional<Store> store) {
        FieldWarnings warnings = new FieldWarnings(new Templates(bundle.templates()), store);
        List<String> broken = report.findings().stream().map(Finding::file).toList();
        warnings.of(reading.templates().stream()
                        .filter(use -> broken.stream().noneMatch(file -> file.startsWith("templates/"))
                                && Stream.of(".html", ".txt")
                                        .anyMatch(ending -> Files.isRegularFile(
                                                bundle.templates().resolve(use.template() + ending))))
                        .toList())
                .forEach(finding -> report.warning(Code.UNKNOWN_FIELD, finding));
        warnings.ofFields(report.fields()).forEach(finding -> report.warning(Code.UNKNOWN_FIELD, finding));
    }

    private static int files(Bundle bundle) {
        int count = 1;
        for (String name : FOLDERS) {
            Path folder = bundle.folder().resolve(name);
            if (Files.isDirectory(folder)) {
                try (Stream<Path> files = Files.walk(folder)) {
                    count += (int) files.filter(Files::isRegularFile).count();
                } catch (IOException e) {
                    throw new BundleException(
                            List.of(new Finding(name, 0, "the folder cannot be read: " + e.getMessage())));
                }
            }
        }
        return count;
    }
}
