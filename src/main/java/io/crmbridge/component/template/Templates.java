package io.crmbridge.component.template;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import io.crmbridge.component.MissingFileException;
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

    /** A file's text without its subject, and how many lines that took; or a subject, and how far into its line it begins. */
    private record Source(String file, Optional<String> subject, String text, int skipped, int indent) {
        /** At the first place of a tag. */
        TemplateException broken(Pattern tag, String problem) {
            Matcher found = tag.matcher(text);
            String before = found.find() ? text.substring(0, found.start()) : "";
            int line = skipped + 1 + (int) before.chars().filter(c -> c == '\n').count();
            return new TemplateException(file, line, indent + before.length() - before.lastIndexOf('\n'), problem);
        }

        /** At the first tag of a line of the text. */
        TemplateException broken(int line, String problem) {
            String given = text.lines().skip(Math.max(line - 1, 0)).findFirst().orElse("");
            return new TemplateException(file, skipped + line, indent + Math.max(given.indexOf("{{"), 0) + 1, problem);
        }
    }

    public Templates(Path folder) {
        this.folder = folder;
    }

    /** @throws IllegalArgumentException when there is no such template; a {@link TemplateException} when it is broken */
    Template get(String name) {
        return compiled.computeIfAbsent(name, this::compile);
    }

    /** @throws IllegalArgumentException as {@link #get} does */
    public void check(String name) {
        get(name);
    }

    /** Names of the templates there are, without their ending. */
    public List<String> names() {
        return names("");
    }

    /** A field that a template looks for in a record, at its first place in a file. */
    public record Field(String file, int line, int column, String name) {}

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
            place(file, Pattern.compile("\\{\\{\\{?[&#^]?\\s*(" + Pattern.quote(field) + ")\\b"), field)
                    .filter(found -> !fields.contains(found))
                    .ifPresent(fields::add);
        }
    }

    /** @param text whose first group is the field's name */
    private Optional<Field> place(String file, Pattern text, String field) {
        try {
            List<String> lines = Files.readAllLines(folder.resolve(file));
            for (int at = 0; at < lines.size(); at++) {
                Matcher found = text.matcher(lines.get(at));
                if (found.find()) {
                    return Optional.of(new Field("templates/" + file, at + 1, found.start(1) + 1, field));
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Template compile(String name) {
        Optional<Source> html = source(name, ".html");
        Optional<Source> text = source(name, ".txt");
        if (html.isEmpty() && text.isEmpty()) {
            throw new MissingFileException("no template \"%s\": there is no file templates/%s.html or %s.txt%s"
                    .formatted(name, name, name, NearestWord.hint(name, names(""))));
        }
        if (html.flatMap(Source::subject).isPresent()
                && text.flatMap(Source::subject).isPresent()) {
            throw new TemplateException(
                    text.get().file(),
                    1,
                    1,
                    "there is a Subject: in %s too: leave one of them out"
                            .formatted(html.get().file()));
        }
        Optional<Part> subject = html.filter(source -> source.subject().isPresent())
                .or(() -> text)
                .flatMap(source -> source.subject()
                        .map(line -> part(
                                name,
                                ".txt",
                                new Source(source.file(), Optional.empty(), line, 0, SUBJECT.length() + 1))));
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
                    ? source.broken(Integer.parseInt(line.group(2)), line.group(1))
                    : new TemplateException(source.file(), 0, 0, String.valueOf(e.getMessage()));
        } catch (StringIndexOutOfBoundsException e) {
            throw source.broken(Pattern.compile("\\{\\{\\{?\\s*}}"), "a tag is empty");
        }
        template.visit(new TagVisitor() {
            @Override
            public void visitText(String text) {
                if (text.contains("{{") && !source.text().contains("{{=")) {
                    String tag = text.substring(text.indexOf("{{"))
                            .lines()
                            .findFirst()
                            .orElse("{{");
                    throw source.broken(Pattern.compile(Pattern.quote(tag)), "a tag is not closed by }}");
                }
            }

            @Override
            public boolean visitInclude(String partial) {
                Pattern tag = Pattern.compile("\\{\\{\\s*[><]\\s*" + Pattern.quote(partial) + "\\s*}}");
                if (within.contains(partial)) {
                    throw source.broken(tag, "the partial \"%s\" includes itself".formatted(partial));
                }
                Source included = source(partial, ending)
                        .orElseThrow(() -> source.broken(
                                tag,
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
                return Optional.of(new Source(file, Optional.empty(), text, 0, 0));
            }
            String rest = end < 0 ? "" : text.substring(end + 1);
            String body = rest.replaceFirst("^\\r?\\n", "");
            return Optional.of(new Source(
                    file,
                    Optional.of(first.substring(SUBJECT.length()).strip()),
                    body,
                    body.length() == rest.length() ? 1 : 2,
                    0));
        } catch (IOException e) {
            throw new TemplateException(file, 0, 0, "the file cannot be read as UTF-8 text");
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
