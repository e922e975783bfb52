package io.crmbridge.sandbox;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.function.Supplier;

/** The pages at /, /mail and /form: self-contained files, whose only script and style are those with this answer's nonce. */
final class Page {
    private static final String NONCE = "{{nonce}}";
    private static final String INBOX = "{{inbox}}";
    private static final String POLICY = String.join(
            "; ",
            "default-src 'none'",
            "script-src 'nonce-%1$s'",
            "style-src 'nonce-%1$s'",
            "img-src data:",
            "connect-src %2$s",
            "base-uri 'none'",
            "form-action %3$s",
            "frame-ancestors 'none'");
    /** A mail's HTML is shown in a frame that runs nothing and inherits this policy; its styles stand in attributes. */
    private static final String MAIL_POLICY = POLICY + "; style-src-attr 'unsafe-inline'";

    private final SecureRandom random = new SecureRandom();
    private final Supplier<FormTarget> target;

    Page(Supplier<FormTarget> target) {
        this.target = target;
    }

    void addTo(RoutesConfig routes) {
        String records = read("page.html");
        String mails = read("mail.html");
        String form = read("form.html");
        routes.get("/", context -> show(context, records, POLICY, "'self'", "'none'"));
        routes.get("/mail", context -> show(context, mails, MAIL_POLICY, "'self'", "'none'"));
        routes.get("/form", context -> {
            FormTarget inbox = target.get();
            show(context, form.replace(INBOX, inbox.escaped()), POLICY, inbox.origin(), inbox.origin());
        });
    }

    /** @param calls what its script may call, in the words of the policy @param posts what its form may post to */
    private void show(Context context, String template, String policy, String calls, String posts) {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        String nonce = HexFormat.of().formatHex(bytes);
        context.header("Content-Security-Policy", policy.formatted(nonce, calls, posts));
        context.header("X-Content-Type-Options", "nosniff");
        context.header("Cache-Control", "no-store");
        context.html(template.replace(NONCE, nonce));
    }

    private static String read(String name) {
        try (InputStream file = Page.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException("The resource %s is missing from the program.".formatted(name));
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
