package io.crmbridge.bundle;

import io.crmbridge.bundle.place.PropertiesFile;
import io.crmbridge.bundle.place.YamlFile;
import io.crmbridge.bundle.place.YamlScope;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.model.SetHeaderDefinition;

/** Secrets that stand in the files of a bundle, which get copied and shared. Never says one. */
final class SecretCheck {
    private static final Pattern SECRET_KEY =
            Pattern.compile("(?i).*(api-?key|secret|password|passwd|passphrase|token|authorization|store\\.key)");
    private static final Pattern KNOWN =
            Pattern.compile("\\b(icrm_[0-9a-fA-F]{32}|whsec_[A-Za-z0-9+/=]{16,})|//[^/\\s:@{}$]*:([^/\\s@{}$]+)@");
    private static final Pattern IN_ADDRESS =
            Pattern.compile("(?i)[?&](?:\\w*password|\\w*secret|\\w*token|api-?key)=(?:RAW\\()?([^&){}$]+)");
    private static final Pattern SHOWN =
            Pattern.compile("(?i).*(example|changeme|your|dummy|sample|xxx|\\.\\.\\.|<).*");
    private static final Set<String> CREDENTIALS = Set.of("authorization", "x-api-key", "api-key", "apikey");
    private static final int SHORTEST = 8;
    private static final int FEWEST_DIFFERENT = 6;

    private final Subject subject;

    private SecretCheck(Subject subject) {
        this.subject = subject;
    }

    static void check(Subject subject) {
        SecretCheck check = new SecretCheck(subject);
        subject.report().properties().entries().forEach(check::property);
        for (Path file : subject.bundle().routeFiles()) {
            subject.places().yaml(file).ifPresent(yaml -> yaml.scalars().forEach(scalar -> check.scalar(file, scalar)));
        }
        check.headers();
    }

    private void property(PropertiesFile.Entry entry) {
        String value = entry.value();
        boolean plain = SECRET_KEY.matcher(entry.key()).matches() && !value.contains("{{") && looksReal(value);
        if (plain || known(value).isPresent()) {
            subject.report()
                    .property(
                            Code.PLAIN_SECRET,
                            true,
                            entry.key(),
                            "%s holds a secret in plain text: write %s={{env:NAME}}, and set NAME in the environment"
                                    .formatted(entry.key(), entry.key()));
        }
    }

    private void scalar(Path file, YamlFile.Scalar scalar) {
        String text = scalar.text();
        Matcher option = IN_ADDRESS.matcher(text);
        Optional<Integer> at = known(text);
        if (at.isEmpty()
                && SECRET_KEY.matcher(scalar.key()).matches()
                && !text.contains("{{")
                && !text.contains("${")
                && looksReal(text)) {
            at = Optional.of(0);
        }
        if (at.isEmpty() && option.find() && looksReal(option.group(1))) {
            at = Optional.of(option.start(1));
        }
        at.map(scalar::at)
                .ifPresent(
                        place -> subject.report()
                                .warning(
                                        Code.PLAIN_SECRET,
                                        new Finding(
                                                subject.bundle().relative(file),
                                                place.line(),
                                                place.column(),
                                                "a secret stands here in plain text: write {{env:NAME}} in its place, and set NAME in the environment")));
    }

    /** A header is two texts: its name and its value. */
    private void headers() {
        subject.routes()
                .forEach((route, file) -> Steps.walk(route.getOutputs(), step -> {
                    if (step instanceof SetHeaderDefinition header
                            && header.getName() != null
                            && CREDENTIALS.contains(header.getName().toLowerCase(java.util.Locale.ROOT))
                            && header.getExpression() != null
                            && isPlain(header.getExpression().getExpression())) {
                        subject.report()
                                .warning(
                                        Code.PLAIN_SECRET,
                                        subject.places()
                                                .finding(
                                                        file,
                                                        step.getLineNumber(),
                                                        YamlScope::begin,
                                                        "the header %s holds a secret in plain text: write {{env:NAME}} in its place, and set NAME in the environment"
                                                                .formatted(header.getName())));
                    }
                }));
    }

    private static boolean isPlain(String value) {
        String secret = String.valueOf(value).replaceFirst("(?i)^\\s*(bearer|basic|token)\\s+", "");
        return !secret.contains("{{")
                && !secret.contains("${")
                && looksReal(secret)
                && known(value).isEmpty();
    }

    private static Optional<Integer> known(String text) {
        Matcher secret = KNOWN.matcher(text);
        while (secret.find()) {
            String found = secret.group(2) == null ? secret.group(1) : secret.group(2);
            if (looksReal(found)) {
                return Optional.of(secret.group(2) == null ? secret.start(1) : secret.start(2));
            }
        }
        return Optional.empty();
    }

    /** A word for people to replace, a file's name and the same character over and over are none. */
    private static boolean looksReal(String text) {
        String bare = text.strip().replaceFirst("^(icrm_|whsec_)", "");
        List<Integer> different = bare.chars().distinct().boxed().toList();
        return bare.length() >= SHORTEST
                && different.size() >= FEWEST_DIFFERENT
                && bare.chars().anyMatch(Character::isDigit)
                && bare.chars().anyMatch(Character::isLetter)
                && !bare.contains(" ")
                && !SHOWN.matcher(bare).matches();
    }
}
