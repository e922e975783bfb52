package io.crmbridge.component.inbox;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.component.file.GenericFile;

/** A CSV that came as a body, to be read more than once and never held as a whole. */
final class CsvContent implements AutoCloseable {
    private final String name;
    private final Optional<Path> file;
    private final Source source;
    private final Optional<Path> spooled;

    private interface Source {
        InputStream open() throws IOException;
    }

    private CsvContent(String name, Optional<Path> file, Source source, Optional<Path> spooled) {
        this.name = name;
        this.file = file;
        this.source = source;
        this.spooled = spooled;
    }

    /** Empty where the body is nothing that a CSV can be in. */
    static Optional<CsvContent> of(Exchange exchange) throws IOException {
        Object body = exchange.getMessage().getBody();
        if (body instanceof GenericFile<?> picked) {
            body = picked.getFile();
        }
        if (body instanceof File file) {
            body = file.toPath();
        }
        String named = exchange.getMessage().getHeader(Exchange.FILE_NAME_ONLY, "CSV", String.class);
        if (body instanceof Path file) {
            return Optional.of(new CsvContent(
                    file.getFileName().toString(),
                    Optional.of(file.toAbsolutePath()),
                    () -> Files.newInputStream(file),
                    Optional.empty()));
        }
        if (body instanceof String text) {
            body = text.getBytes(StandardCharsets.UTF_8);
        }
        if (body instanceof byte[] bytes) {
            return Optional.of(
                    new CsvContent(named, Optional.empty(), () -> new ByteArrayInputStream(bytes), Optional.empty()));
        }
        if (body instanceof InputStream once) {
            Path spool = Files.createTempFile("crm-bridge-", ".csv");
            CsvContent content =
                    new CsvContent(named, Optional.empty(), () -> Files.newInputStream(spool), Optional.of(spool));
            try {
                Files.copy(once, spool, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                content.close();
                throw e;
            }
            return Optional.of(content);
        }
        return Optional.empty();
    }

    String name() {
        return name;
    }

    /** Where the file lies; empty where it is none. */
    Optional<Path> folder() {
        return file.map(Path::getParent);
    }

    InputStream open() throws IOException {
        return source.open();
    }

    /** Changes when the file does. */
    String stamp() throws IOException {
        return file.isEmpty() ? "" : Files.size(file.get()) + " " + Files.getLastModifiedTime(file.get());
    }

    @Override
    public void close() throws IOException {
        if (spooled.isPresent()) {
            Files.deleteIfExists(spooled.get());
        }
    }
}
