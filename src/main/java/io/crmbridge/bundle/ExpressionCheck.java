package io.crmbridge.bundle;

import io.crmbridge.bundle.place.Place;
import io.crmbridge.bundle.place.YamlScope;
import io.crmbridge.component.CrmConstants;
import io.crmbridge.component.NearestWord;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.NoSuchLanguageException;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SetHeaderDefinition;
import org.apache.camel.spi.Language;

/** Expressions that cannot be read, in languages that are not there, or that ask for headers that nobody sets. */
final class ExpressionCheck {
    private static final String CONDITION =
            ": write it as in ${body[stageName]} == 'Won', with straight quotes around text";
    private static final Pattern HEADER = Pattern.compile("\\bCamelCrm\\w+");
    private static final List<String> LANGUAGES = List.of(
            "simple",
            "constant",
            "header",
            "exchangeProperty",
            "variable",
            "bean",
            "method",
            "ref",
            "tokenize",
            "csimple");

    private final Subject subject;
    private final Set<String> headers = new HashSet<>(CrmConstants.HEADERS);

    private ExpressionCheck(Subject subject) {
        this.subject = subject;
        subject.routes()
                .keySet()
                .forEach(route -> Steps.walk(route.getOutputs(), step -> {
                    if (step instanceof SetHeaderDefinition header) {
                        headers.add(header.getName());
                    }
                }));
    }

    static void check(Subject subject) {
        ExpressionCheck check = new ExpressionCheck(subject);
        subject.routes()
                .forEach((route, file) -> Steps.walk(
                        route.getOutputs(),
                        step -> Expressions.of(step).forEach(expression -> check.check(route, file, expression))));
    }

    private void check(RouteDefinition route, Path file, Expressions.Expr expression) {
        String text = TemplateParameters.resolved(subject.context(), route, expression.text());
        if (text.contains("{{")) {
            return;
        }
        Language language;
        try {
            language = subject.context().resolveLanguage(expression.language());
        } catch (NoSuchLanguageException e) {
            report(
                    Code.UNKNOWN_LANGUAGE,
                    file,
                    expression,
                    scope -> scope.option(expression.language()),
                    "there is no expression language \"%s\"%s"
                            .formatted(expression.language(), NearestWord.hint(expression.language(), LANGUAGES)));
            return;
        }
        headers(file, expression);
        if (expression.language().equals("simple")) {
            try {
                if (expression.predicate()) {
                    language.createPredicate(text);
                } else {
                    language.createExpression(text);
                }
            } catch (RuntimeException e) {
                report(
                        Code.EXPRESSION,
                        file,
                        expression,
                        scope -> scope.text(expression.text()),
                        "this is no simple expression: %s%s"
                                .formatted(
                                        String.valueOf(e.getMessage())
                                                .lines()
                                                .findFirst()
                                                .orElse("it cannot be read"),
                                        expression.predicate() ? CONDITION : ""));
            }
        }
    }

    private void headers(Path file, Expressions.Expr expression) {
        Matcher header = HEADER.matcher(expression.text());
        while (header.find()) {
            String name = header.group();
            int at = header.start();
            if (!headers.contains(name)) {
                report(
                        Code.UNKNOWN_HEADER,
                        file,
                        expression,
                        scope -> scope.text(expression.text()).right(at),
                        "nothing sets the header %s, so that it is always empty%s"
                                .formatted(name, NearestWord.hint(name, CrmConstants.HEADERS)));
            }
        }
    }

    private void report(
            Code code, Path file, Expressions.Expr expression, Function<YamlScope, Place> where, String message) {
        subject.report().error(code, subject.places().finding(file, expression.line(), where, message));
    }
}
