package io.crmbridge.web;

import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The bridge's own HTTP server on a loopback address. Its pages answer only to requests that name a loopback host, so that a
 * page in a browser cannot reach them under a name of its own; who takes requests decides that for itself.
 */
public final class WebServer implements AutoCloseable {
    private static final Set<String> HOSTS = Set.of("127.0.0.1", "localhost", "[::1]");

    private static final List<HandlerType> METHODS = List.of(
            HandlerType.GET,
            HandlerType.HEAD,
            HandlerType.POST,
            HandlerType.PUT,
            HandlerType.PATCH,
            HandlerType.DELETE,
            HandlerType.OPTIONS);

    /** One answer. */
    public record Answer(int status, String contentType, String body, Map<String, String> headers) {
        public Answer(int status, String contentType, String body) {
            this(status, contentType, body, Map.of());
        }
    }

    /** Makes an answer, on one of the server's threads. */
    public interface Page {
        Answer answer() throws Exception;
    }

    /** Takes requests of every method, on one of the server's threads, to whatever host they are. */
    public interface Taker {
        Answer take(Request request) throws Exception;
    }

    private final Javalin javalin;

    private WebServer(Javalin javalin) {
        this.javalin = javalin;
    }

    public static WebServer start(int port, Map<String, Page> pages) {
        return start(port, pages, Map.of());
    }

    /**
     * @param port 0 for any free one
     * @param pages by path, answered to GET
     * @param takers by path, with one part of it called {@code {name}}
     * @throws IllegalStateException when the port is taken, or is none
     */
    public static WebServer start(int port, Map<String, Page> pages, Map<String, Taker> takers) {
        if (port < 0 || port > 65_535) {
            throw new IllegalStateException(
                    "there is no port %d: choose one from 0 to 65535 with --port".formatted(port));
        }
        QueuedThreadPool threads = new QueuedThreadPool(32, 1);
        threads.setName("bridge-web");
        threads.setDaemon(true);
        Javalin javalin = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.jetty.threadPool = threads;
            pages.forEach((path, page) -> config.routes.get(path, context -> {
                if (isLoopback(context.host())) {
                    send(context, page.answer());
                } else {
                    context.status(HttpStatus.FORBIDDEN).result("this server answers to a loopback host only");
                }
            }));
            takers.forEach((path, taker) -> METHODS.forEach(method -> config.routes.addHttpHandler(
                    method, path, context -> send(context, taker.take(new Request(context))))));
        });
        try {
            javalin.start("127.0.0.1", port);
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "port %d on 127.0.0.1 is taken: choose another with --port".formatted(port), e);
        }
        return new WebServer(javalin);
    }

    static boolean isLoopback(String host) {
        return host != null && HOSTS.contains(host.replaceFirst(":\\d+$", ""));
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
        answer.headers().forEach(context::header);
    }

    public int port() {
        return javalin.port();
    }

    @Override
    public void close() {
        javalin.stop();
    }
}
