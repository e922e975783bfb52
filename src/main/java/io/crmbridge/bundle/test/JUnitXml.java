package io.crmbridge.bundle.test;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** A report in the form that build servers read: a testsuite a file. */
public final class JUnitXml {
    private JUnitXml() {}

    /** Makes the folder where there is none. @throws IOException when the file cannot be written */
    public static void write(TestReport report, Path file) throws IOException {
        if (file.toAbsolutePath().getParent() != null) {
            Files.createDirectories(file.toAbsolutePath().getParent());
        }
        try (Writer writer = Files.newBufferedWriter(file)) {
            XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(writer);
            xml.writeStartDocument("UTF-8", "1.0");
            line(xml, 0);
            xml.writeStartElement("testsuites");
            Map<String, List<TestResult>> byFile = report.results().stream()
                    .collect(Collectors.groupingBy(TestResult::file, LinkedHashMap::new, Collectors.toList()));
            for (Map.Entry<String, List<TestResult>> suite : byFile.entrySet()) {
                suite(xml, suite.getKey(), suite.getValue());
            }
            line(xml, 0);
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.flush();
        } catch (XMLStreamException e) {
            throw new IOException("the report cannot be written as XML: " + e.getMessage(), e);
        }
    }

    private static void suite(XMLStreamWriter xml, String file, List<TestResult> results) throws XMLStreamException {
        line(xml, 1);
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", file);
        xml.writeAttribute("tests", Integer.toString(results.size()));
        xml.writeAttribute(
                "failures",
                Long.toString(
                        results.stream().filter(result -> !result.passed()).count()));
        xml.writeAttribute("errors", "0");
        xml.writeAttribute("skipped", "0");
        xml.writeAttribute(
                "time",
                seconds(results.stream()
                        .mapToLong(result -> result.took().toMillis())
                        .sum()));
        for (TestResult result : results) {
            line(xml, 2);
            xml.writeStartElement("testcase");
            xml.writeAttribute("name", result.name());
            xml.writeAttribute("classname", result.route());
            xml.writeAttribute("file", result.file());
            xml.writeAttribute("line", Integer.toString(result.line()));
            xml.writeAttribute("time", seconds(result.took().toMillis()));
            if (!result.passed()) {
                line(xml, 3);
                xml.writeStartElement("failure");
                xml.writeAttribute("message", legal(result.differences().get(0)));
                xml.writeCharacters(legal(String.join("\n", result.differences())));
                xml.writeEndElement();
                line(xml, 2);
            }
            xml.writeEndElement();
        }
        line(xml, 1);
        xml.writeEndElement();
    }

    private static void line(XMLStreamWriter xml, int depth) throws XMLStreamException {
        xml.writeCharacters("\n" + "  ".repeat(depth));
    }

    /** XML has no place for most control characters. */
    private static String legal(String text) {
        return text.replaceAll("[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F]", "?");
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.3f", millis / 1000.0);
    }
}
