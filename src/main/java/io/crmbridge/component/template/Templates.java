package io.crmbridge.component.template;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import io.crmbridge.component.NearestWord;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The mustache files of a bundle's templates folder, each compiled once. Thread-safe. */
public final class Templates {
    private static final List<String> ENDINGS = List.of(".html", ".txt");
    private static final String SUBJECT = "Subject:";
    private static final Pattern LINE = Pattern.compile("(.*) @ line (\\d+)", Pattern.DOTALL);

    private final Path folder;
    private final Map<String, Template> compiled = new ConcurrentHashMap<>();

    /** A template has HTML, plain text or both. */
    record Template(Optional<Part> subject, Optional<Part> html, Optional<Part> text) {}

    record Part(com.samskivert.mustache.Template template) {
        /** @throws MustacheException whose text may quote the model */
        String render(Object model, Mustache.CustomContext variables) {
            StringWriter out = new StringWriter();
            template.execute(model, variables, out);
            return out.toString();
        }
    }

    /** A file's text without its subject, and how many lines that took. */
    private record Source(String file, Optional<String> subject, String text, int skipped) {
        int lineOf(Pattern tag) {
            Matcher found = tag.matcher(text);
            String before = found.find() ? text.substring(0, found.start()) : "";
            return skipped + 1 + (int) before.chars().filter(c -> c == '\n').count();
        }
    }

    public Templates(Path folder) {
        this.folder = folder;
    }

    /** @throws IllegalArgumentException when there is no such template; a {@link TemplateException} when it is broken */
    Template get(String name) {
        return compiled.computeIfAbsent(name, this::compile);
    }

    /** A field that a template looks for in a record, at its first place in a file. */
    public record Field(String file, int line, String name) {}

    /** @param staysInRecord whether a section of that name leaves the record as what names are looked for in */
    public List<Field> fields(String name, Predicate<String> staysInRecord) {
        Template template = get(name);
        List<Field> fields = new ArrayList<>();
        for (String ending : ENDINGS) {
            Optional<Part> part = ending.equals(".html") ? template.html() : template.text();
            part.ifPresent(found -> fields(found, name + ending, staysInRecord, fields));
            template.subject().ifPresent(subject -> fields(subject, name + ending, staysInRecord, fields));
        }
        return fields;
    }

    private void fields(Part part, String file, Predicate<String> staysInRecord, List<Field> fields) {
        for (String field : TemplateFields.of(part.template(), staysInRecord)) {
            int line = lineOf(file, Pattern.compile("\\{\\{\\{?[&#^]?\\s*" + Pattern.quote(field) + "\\b"));
            Field found = new Field("templates/" + file, line, field);
            if (line > 0 && !fields.contains(found)) {
                fields.add(found);
            }
        }
    }

    /** 0 where the file has no such text. */
    private int lineOf(String file, Pattern text) {
        try {
            List<String> lines = Files.readAllLines(folder.resolve(file));
            for (int at = 0; at < lines.size(); at++) {
                if (text.matcher(lines.get(at)).find()) {
                    return at + 1;
                }
            }
            return 0;
        } catch (IOException e) {
            return 0;
        }
    }

    private Template compile(String name) {
        Optional<Source> html = source(name, ".html");
        Optional<Source> text = source(name, ".txt");
        if (html.isEmpty() && text.isEmpty()) {
            throw new IllegalArgumentException("no template \"%s\": there is no file templates/%s.html or %s.txt%s"
                    .formatted(name, name, name, NearestWord.hint(name, names(""))));
        }
        if (html.flatMap(Source::subject).isPresent()
                && text.flatMap(Source::subject).isPresent()) {
            throw new TemplateException(
                    text.get().file(),
                    1,
                    "there is a Subject: in %s too: leave one of them out"
                            .formatted(html.get().file()));
        }
        Optional<Part> subject = html.filter(source -> source.subject().isPresent())
                .or(() -> text)
                .flatMap(source -> source.subject()
                        .map(line -> part(name, ".txt", new Source(source.file(), Optional.empty(), line, 0))));
        return new Template(
                subject,
                html.map(source -> part(name, ".html", source)),
                text.map(source -> part(name, ".txt", source)));
    }

    private Part part(String name, String ending, Source source) {
        Map<String, Source> partials = new ConcurrentHashMap<>();
        Mustache.Compiler compiler = Rendering.compiler(name, ending.equals(".html"))
                .withLoader(partial -> new StringReader(partials.get(partial).text()));
        return new Part(check(compiler, ending, source, partials, List.of()));
    }

    /** Compiles a file and whatever it includes, because mustache itself looks at a partial when it is first rendered. */
    private com.samskivert.mustache.Template check(
            Mustache.Compiler compiler,
            String ending,
            Source source,
            Map<String, Source> partials,
            List<String> within) {
        com.samskivert.mustache.Template template;
        try {
            template = compiler.compile(source.text());
        } catch (MustacheException e) {
            Matcher line = LINE.matcher(String.valueOf(e.getMessage()));
            throw line.matches()
                    ? new TemplateException(
                            source.file(), source.skipped() + Integer.parseInt(line.group(2)), line.group(1))
                    : new TemplateException(source.file(), 0, String.valueOf(e.getMessage()));
        } catch (StringIndexOutOfBoundsException e) {
            throw new TemplateException(
                    source.file(), source.lineOf(Pattern.compile("\\{\\{\\{?\\s*}}")), "a tag is empty");
        }
        template.visit(new TagVisitor() {
            @Override
            public void visitText(String text) {
                if (text.contains("{{") && !source.text().contains("{{=")) {
                    String tag = text.substring(text.indexOf("{{"))
                            .lines()
                            .findFirst()
                            .orElse("{{");
                    throw new TemplateException(
                            source.file(),
                            source.lineOf(Pattern.compile(Pattern.quote(tag))),
                            "a tag is not closed by }}");
                }
            }

            @Override
            public boolean visitInclude(String partial) {
                Pattern tag = Pattern.compile("\\{\\{\\s*[><]\\s*" + Pattern.quote(partial) + "\\s*}}");
                if (within.contains(partial)) {
                    throw new TemplateException(
                            source.file(), source.lineOf(tag), "the partial \"%s\" includes itself".formatted(partial));
                }
                Source included = source(partial, ending)
                        .orElseThrow(() -> new TemplateException(
                                source.file(),
                                source.lineOf(tag),
                                "no partial \"%s\": there is no file templates/%s%s%s"
                                        .formatted(
                                                partial, partial, ending, NearestWord.hint(partial, names(ending)))));
                List<String> deeper = new ArrayList<>(within);
                deeper.add(partial);
                partials.put(partial, included);
                check(compiler, ending, included, partials, deeper);
                return false;
            }
        });
        return template;
    }

    /** Empty when there is no such file in the folder itself. */
    private Optional<Source> source(String name, String ending) {
        if (!names(ending).contains(name)) {
            return Optional.empty();
        }
        String file = "templates/" + name + ending;
        try {
            String text = Files.readString(folder.resolve(name + ending));
            int end = text.indexOf('\n');
            String first = end < 0 ? text : text.substring(0, end);
            if (!first.startsWith(SUBJECT)) {
                return Optional.of(new Source(file, Optional.empty(), text, 0));
            }
            String rest = end < 0 ? "" : text.substring(end + 1);
            String body = rest.replaceFirst("^\\r?\\n", "");
            return Optional.of(new Source(
                    file,
                    Optional.of(first.substring(SUBJECT.length()).strip()),
                    body,
                    body.length() == rest.length() ? 1 : 2));
        } catch (IOException e) {
            throw new TemplateException(file, 0, "the file cannot be read as UTF-8 text");
        }
    }

    /** Names of the files there are, without their ending. @param ending empty: any */
    private List<String> names(String ending) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> ENDINGS.stream().anyMatch(name::endsWith) && name.endsWith(ending))
                    .map(name -> name.substring(0, name.lastIndexOf('.')))
                    .distinct()
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new IllegalArgumentException("the templates in " + folder + " cannot be listed", e);
        }
    }
}
