package io.crmbridge.crm.intellivizz;

import io.crmbridge.crm.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What Intellivizz's API can be asked for, and how. Immutable. */
public final class Catalogue {
    private static final String STANDARD = "catalogue.yaml";

    private final URI baseUrl;
    private final String version;
    private final URI authorizeUrl;
    private final String tokenPath;
    private final Map<String, Map<String, CatalogueEntry>> entries;
    private final Map<String, FeedEntry> feeds;

    private static final class Standard {
        private static final String TEXT = text();
        private static final Catalogue READ = layers().catalogue();

        private static String text() {
            try (InputStream file = Catalogue.class.getResourceAsStream(STANDARD)) {
                return new String(file.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static CatalogueLayers layers() {
            CatalogueLayers layers = new CatalogueLayers(new YamlNodes());
            // Not the name of its file, which a customer's own may have.
            layers.lay("what is assumed", TEXT, false);
            return layers;
        }
    }

    /** @param entries in the order of the catalogue, and not changed afterwards */
    Catalogue(
            URI baseUrl,
            String version,
            URI authorizeUrl,
            String tokenPath,
            Map<String, Map<String, CatalogueEntry>> entries,
            Map<String, FeedEntry> feeds) {
        this.baseUrl = baseUrl;
        this.version = version;
        this.authorizeUrl = authorizeUrl;
        this.tokenPath = tokenPath;
        this.entries = entries;
        this.feeds = feeds;
    }

    /** What is assumed of every Intellivizz. */
    public static Catalogue standard() {
        return Standard.READ;
    }

    /**
     * What a customer knows better, laid over the standard field by field of each operation; a field, an operation or a feed
     * that is given as null is taken away. It may have resources and operations of its own.
     *
     * @throws IllegalArgumentException when it cannot be read or says what cannot be; a line for each finding, with the file,
     *     its line, and what could stand there
     */
    public static Catalogue read(Path file) {
        try {
            return read(file.toString(), Files.readString(file));
        } catch (IOException e) {
            throw new IllegalArgumentException("%s cannot be read as a catalogue in UTF-8".formatted(file), e);
        }
    }

    static Catalogue read(String label, String text) {
        CatalogueLayers layers = Standard.layers();
        layers.lay(label, text, true);
        return layers.catalogue();
    }

    /** Without a slash at its end. */
    public URI baseUrl() {
        return baseUrl;
    }

    /** What the header {@code Version} says where an operation says nothing else; empty where there is none. */
    public String version() {
        return version;
    }

    /** Names of all resources, in the order of the catalogue. */
    public List<String> resources() {
        return List.copyOf(entries.keySet());
    }

    /** A resource's operations, the default first; none where there is no such resource. */
    public List<CatalogueEntry> operations(String resource) {
        return List.copyOf(entries.getOrDefault(resource, Map.of()).values());
    }

    public Optional<CatalogueEntry> find(String resource, String operation) {
        return Optional.ofNullable(entries.getOrDefault(resource, Map.of()).get(operation));
    }

    /** How the resource's changes are found; empty where they are not. */
    public Optional<FeedEntry> feed(String resource) {
        return Optional.ofNullable(feeds.get(resource));
    }

    /** Where a person consents. */
    public URI authorizeUrl() {
        return authorizeUrl;
    }

    /** Below the base URL. */
    public String tokenPath() {
        return tokenPath;
    }

    /** Every operation, in the order of the catalogue. */
    public Collection<Operation> all() {
        return entries.values().stream()
                .flatMap(operations -> operations.values().stream())
                .map(CatalogueEntry::operation)
                .toList();
    }
}
