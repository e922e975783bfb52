package io.crmbridge.cli;

import io.crmbridge.crm.oauth.OAuthApp;
import io.crmbridge.crm.oauth.OAuthFlow;
import io.crmbridge.crm.oauth.OAuthFlow.Consent;
import io.crmbridge.crm.oauth.OAuthFlow.Redirected;
import io.crmbridge.state.Tokens.Issued;
import io.crmbridge.web.Request;
import io.crmbridge.web.WebServer;
import io.crmbridge.web.WebServer.Answer;
import java.awt.Desktop;
import java.awt.Desktop.Action;
import java.awt.GraphicsEnvironment;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Asks a person for consent: the browser comes back to a port of this machine, or its address is pasted. */
final class ConsentInBrowser {
    private static final URI HERE = URI.create("http://127.0.0.1/oauth/callback");
    private static final String TEXT = "text/plain; charset=utf-8";

    private final OAuthFlow flow;
    private final Set<String> scopes;
    private final PrintWriter out;
    private final Duration limit;

    ConsentInBrowser(OAuthFlow flow, Set<String> scopes, PrintWriter out, Duration limit) {
        this.flow = flow;
        this.scopes = scopes;
        this.out = out;
        this.limit = limit;
    }

    Issued ask(boolean noBrowser) {
        URI redirect = flow.app().redirectUri().orElse(HERE);
        return noBrowser || !OAuthApp.isLoopback(redirect) ? pasted(redirect) : listened(redirect);
    }

    private Issued pasted(URI redirect) {
        Consent consent = flow.begin(scopes, redirect);
        out.println("Open this address in a browser, and consent:");
        out.println(consent.url());
        out.println("The browser ends at %s..., which may show an error. Paste its whole address here:"
                .formatted(redirect));
        out.flush();
        return flow.finish(consent, Redirected.of(address()));
    }

    private static URI address() {
        try {
            String line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            if (line != null && !line.isBlank()) {
                return URI.create(line.strip());
            }
        } catch (IOException | IllegalArgumentException e) {
            // Told below, like nothing at all.
        }
        throw new CommandException(
                ExitCodes.USAGE, "this is no address: paste the browser's whole address line, from http to the end");
    }

    private Issued listened(URI redirect) {
        CompletableFuture<Consent> begun = new CompletableFuture<>();
        CompletableFuture<Redirected> arrived = new CompletableFuture<>();
        try (Interruption interruption = new Interruption();
                WebServer web = listen(redirect, request -> take(request, begun, arrived))) {
            Consent consent = flow.begin(scopes, withPort(redirect, web.port()));
            begun.complete(consent);
            out.println("Consent in a browser on this machine (elsewhere: --no-browser):");
            out.println(consent.url());
            out.flush();
            open(consent.url());
            interruption.await(Optional.of(limit), arrived);
            if (!arrived.isDone()) {
                throw new CommandException(
                        ExitCodes.FAILED,
                        interruption.isAsked()
                                ? "stopped; nothing is changed"
                                : "nobody consented within %d s: run it again".formatted(limit.toSeconds()));
            }
            return flow.finish(consent, arrived.join());
        }
    }

    private static WebServer listen(URI redirect, WebServer.Taker taker) {
        String path = redirect.getPath().isEmpty() ? "/" : redirect.getPath();
        try {
            return WebServer.start(Math.max(redirect.getPort(), 0), Map.of(), Map.of(path, taker));
        } catch (IllegalStateException e) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "port %d of bridge.oauth.<name>.redirect-uri is taken: free it, or use --no-browser"
                            .formatted(redirect.getPort()));
        }
    }

    private static URI withPort(URI redirect, int port) {
        return redirect.getPort() > 0
                ? redirect
                : URI.create(
                        "%s://%s:%d%s".formatted(redirect.getScheme(), redirect.getHost(), port, redirect.getPath()));
    }

    /** Another page in the browser may come here too, so only what knows the state counts. */
    private static Answer take(
            Request request, CompletableFuture<Consent> begun, CompletableFuture<Redirected> arrived) {
        Redirected redirected =
                new Redirected(request.parameter("code"), request.parameter("state"), request.parameter("error"));
        if (!redirected.isOf(begun.join().state())) {
            return new Answer(400, TEXT, "this is no answer to the consent that is waited for\n");
        }
        arrived.complete(redirected);
        return new Answer(200, TEXT, "You can close this window: the command tells how it went.\n");
    }

    private void open(URI url) {
        try {
            if (!GraphicsEnvironment.isHeadless()
                    && Desktop.isDesktopSupported()
                    && Desktop.getDesktop().isSupported(Action.BROWSE)) {
                Desktop.getDesktop().browse(url);
            }
        } catch (IOException | RuntimeException | LinkageError e) {
            out.println("no browser could be opened: open the address yourself");
            out.flush();
        }
    }
}
