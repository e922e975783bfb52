package io.crmbridge.bundle;

import io.crmbridge.component.BridgeServices;
import io.crmbridge.component.BrokenFileException;
import io.crmbridge.component.NearestWord;
import io.crmbridge.lead.LeadFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.ZipFile;

/**
 * Mappings, templates, schemas, leads and jars of a bundle. What a route names is told before this as an error; what none names
 * harms nothing yet.
 */
final class BundleFiles {
    private BundleFiles() {}

    static void check(Subject subject) {
        BridgeServices services = BridgeServices.of(subject.context());
        Report report = subject.report();
        each("mappings", services.mappings().names(), services.mappings()::check, report);
        each("templates", services.templates().names(), services.templates()::check, report);
        each("schemas", services.inboxes().withSchema(), services.inboxes()::checkSchema, report);
        each("leads", services.leadFiles().names(), services.leadFiles()::get, report);
        jars(subject);
    }

    private static void each(String folder, List<String> names, Consumer<String> check, Report report) {
        for (String name : names) {
            try {
                check.accept(name);
            } catch (BrokenFileException e) {
                report.warning(code(e), finding(e));
            } catch (LeadFileException e) {
                report.warning(Code.LEAD_FILE, finding(e));
            } catch (IllegalArgumentException e) {
                report.warning(Code.MISSING_FILE, new Finding(folder, 0, e.getMessage()));
            }
        }
    }

    static Code code(BrokenFileException broken) {
        return broken.file().startsWith("schemas/")
                ? Code.SCHEMA
                : broken.file().startsWith("templates/") ? Code.TEMPLATE : Code.MAPPING;
    }

    static Finding finding(BrokenFileException broken) {
        return new Finding(broken.file(), broken.line(), broken.column(), broken.problem());
    }

    static Finding finding(LeadFileException broken) {
        return new Finding(
                broken.file(),
                broken.line(),
                broken.column(),
                broken.problem() + NearestWord.hint(broken.word(), broken.choices()));
    }

    private static void jars(Subject subject) {
        for (Path file : subject.bundle().jars()) {
            try (ZipFile jar = new ZipFile(file.toFile())) {
                jar.size();
            } catch (IOException e) {
                subject.report()
                        .error(
                                Code.NOT_A_JAR,
                                new Finding(
                                        subject.bundle().relative(file),
                                        0,
                                        "this is no jar, or not a whole one (%s): copy it again"
                                                .formatted(e.getMessage())));
            }
        }
    }
}
