package io.crmbridge.web;

import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The bridge's own HTTP server on a loopback address. It answers only to requests that name a loopback host, so that a
 * page in a browser cannot reach it under a name of its own.
 */
public final class WebServer implements AutoCloseable {
    private static final Set<String> HOSTS = Set.of("127.0.0.1", "localhost", "[::1]");

    /** One answer. */
    public record Answer(int status, String contentType, String body) {}

    /** Makes an answer, on one of the server's threads. */
    public interface Page {
        Answer answer() throws Exception;
    }

    private final Javalin javalin;

    private WebServer(Javalin javalin) {
        this.javalin = javalin;
    }

    /**
     * @param port 0 for any free one
     * @param pages by path, answered to GET
     * @throws IllegalStateException when the port is taken, or is none
     */
    public static WebServer start(int port, Map<String, Page> pages) {
        if (port < 0 || port > 65_535) {
            throw new IllegalStateException(
                    "there is no port %d: choose one from 0 to 65535 with --port".formatted(port));
        }
        QueuedThreadPool threads = new QueuedThreadPool(8, 1);
        threads.setName("bridge-web");
        threads.setDaemon(true);
        Javalin javalin = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.jetty.threadPool = threads;
            config.routes.before(WebServer::refuseForeignHosts);
            pages.forEach((path, page) -> config.routes.get(path, context -> send(context, page.answer())));
        });
        try {
            javalin.start("127.0.0.1", port);
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "port %d on 127.0.0.1 is taken: choose another with --port".formatted(port), e);
        }
        return new WebServer(javalin);
    }

    private static void refuseForeignHosts(Context context) {
        String host = context.host() == null ? "" : context.host().replaceFirst(":\\d+$", "");
        if (!HOSTS.contains(host)) {
            context.status(HttpStatus.FORBIDDEN).result("this server answers to a loopback host only");
            context.skipRemainingHandlers();
        }
    }

    private static void send(Context context, Answer answer) {
        context.status(answer.status())
                .header("X-Content-Type-Options", "nosniff")
                .header("Cache-Control", "no-store")
                .header(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'")
                .contentType(answer.contentType())
                .result(answer.body());
    }

    public int port() {
        return javalin.port();
    }

    @Override
    public void close() {
        javalin.stop();
    }
}
