package io.crmbridge.bundle;

import io.crmbridge.bundle.place.YamlFile;
import io.crmbridge.component.NearestWord;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;

/** Beans and classes that YAML routes name and that are not there. */
final class BeanCheck {
    private static final Pattern BEAN = Pattern.compile("#(?:bean:)?([A-Za-z][\\w.-]*)");
    private static final Pattern OF_CLASS = Pattern.compile("#class:([\\w.$]+).*");
    private static final Set<String> STEPS = Set.of("bean", "process");
    private static final Set<String> CLASSES = Set.of("exception", "beanType");

    private final Subject subject;
    private final CamelContext context;
    private final Set<String> beans = new TreeSet<>();

    private BeanCheck(Subject subject) {
        this.subject = subject;
        this.context = subject.context();
        beans.addAll(subject.config().dataSources());
    }

    static void check(Subject subject) {
        BeanCheck check = new BeanCheck(subject);
        for (Path file : subject.bundle().routeFiles()) {
            subject.places()
                    .yaml(file)
                    .ifPresent(yaml -> yaml.scalars().forEach(scalar -> {
                        if (scalar.path().contains("beans") && scalar.key().equals("name")) {
                            check.beans.add(scalar.text());
                        }
                    }));
        }
        for (Path file : subject.bundle().routeFiles()) {
            subject.places().yaml(file).ifPresent(yaml -> yaml.scalars().forEach(scalar -> check.check(file, scalar)));
        }
        subject.uses().forEach(check::address);
    }

    /** {@code bean:} takes the name of a bean or of a class. */
    private void address(Use use) {
        String name = use.name();
        if (use.is("bean")
                && !use.isDynamic()
                && !name.contains("{{")
                && !beans.contains(name)
                && context.getRegistry().lookupByName(name) == null
                && context.getClassResolver().resolveClass(name) == null) {
            subject.report()
                    .error(Code.UNKNOWN_BEAN, use.finding("there is no bean \"%s\"%s".formatted(name, near(name))));
        }
    }

    private void check(Path file, YamlFile.Scalar scalar) {
        List<String> path = scalar.path();
        if (path.contains("beans") || scalar.text().contains("{{")) {
            return;
        }
        Matcher bean = BEAN.matcher(scalar.text());
        Matcher ofClass = OF_CLASS.matcher(scalar.text());
        if (CLASSES.contains(scalar.key())) {
            requireClass(file, scalar, scalar.text());
        } else if (ofClass.matches()) {
            requireClass(file, scalar, ofClass.group(1));
        } else if (bean.matches() && !scalar.key().equals("dataSource")) {
            requireBean(file, scalar, bean.group(1));
        } else if (scalar.key().equals("ref") && path.size() > 1 && STEPS.contains(path.get(path.size() - 2))) {
            requireBean(file, scalar, scalar.text().replaceFirst("^#(bean:)?", ""));
        }
    }

    private void requireBean(Path file, YamlFile.Scalar scalar, String name) {
        if (!beans.contains(name) && context.getRegistry().lookupByName(name) == null) {
            report(Code.UNKNOWN_BEAN, file, scalar, "there is no bean \"%s\"%s".formatted(name, near(name)));
        }
    }

    private String near(String name) {
        String hint = NearestWord.hint(name, beans);
        return hint.isEmpty() ? ": declare it under beans:" : hint;
    }

    private void requireClass(Path file, YamlFile.Scalar scalar, String name) {
        if (context.getClassResolver().resolveClass(name) == null) {
            report(
                    Code.UNKNOWN_CLASS,
                    file,
                    scalar,
                    "there is no class %s: write its full name, and put its jar into lib/".formatted(name));
        }
    }

    private void report(Code code, Path file, YamlFile.Scalar scalar, String message) {
        subject.report()
                .error(
                        code,
                        new Finding(
                                subject.bundle().relative(file),
                                scalar.place().line(),
                                scalar.place().column(),
                                message));
    }
}
