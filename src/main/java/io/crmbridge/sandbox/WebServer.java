package io.crmbridge.sandbox;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;
import jakarta.servlet.ServletOutputStream;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Clock;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An HTTP server on the loopback address whose errors are JSON with a sentence and whose Date is the clock's. */
public final class WebServer {
    public static final String HOST = "127.0.0.1";
    private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
    private static final long LARGEST_BODY = 256L * 1024 * 1024;

    private WebServer() {}

    /** Throws {@link SandboxException} where the port cannot be had. */
    public static Javalin start(String purpose, int port, Clock clock, Consumer<RoutesConfig> routes) {
        QueuedThreadPool threads = new QueuedThreadPool(200, 4);
        threads.setName(purpose.replace(' ', '-'));
        threads.setStopTimeout(200);
        Javalin server = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.startup.startupWatcherEnabled = false;
            config.http.maxRequestSize = LARGEST_BODY;
            config.http.prefer405over404 = true;
            config.http.compressionStrategy = CompressionStrategy.NONE;
            config.jetty.threadPool = threads;
            config.jetty.modifyHttpConfiguration(http -> {
                http.setSendDateHeader(false);
                http.setSendServerVersion(false);
            });
            config.jetty.modifyServer(jetty -> jetty.setStopTimeout(0));
            config.routes.before(context -> context.header("Date", Stamps.http(clock.instant())));
            explainErrors(config.routes);
            routes.accept(config.routes);
        });
        try {
            return server.start(HOST, port);
        } catch (JavalinBindException e) {
            server.stop();
            throw new SandboxException(
                    ("The %s cannot listen on port %d of %s: another program has it."
                                    + " Choose another port, or 0 for any free one.")
                            .formatted(purpose, port, HOST),
                    e);
        }
    }

    /** Answers with JSON. */
    public static void json(Context context, int status, byte[] body) {
        context.status(status).contentType("application/json").result(body);
    }

    /** Resets the connection; whatever is answered afterwards goes nowhere. */
    static void reset(Context context) {
        EndPoint connection = connection(context);
        try {
            // A linger of 0 makes the close an RST at once, also where the client is still sending.
            if (connection.getTransport() instanceof SocketChannel channel) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
        } catch (IOException e) {
            LOG.debug("The client closed the connection first", e);
        }
        connection.close();
    }

    /** Announces the whole body, sends its first bytes, then closes the connection. */
    static void sendPart(Context context, byte[] body, int bytes) throws IOException {
        context.res().setContentLengthLong(body.length);
        // Javalin's own stream holds a flush back until the handlers are done.
        ServletOutputStream out = context.res().getOutputStream();
        out.write(body, 0, Math.min(bytes, body.length));
        out.flush();
        connection(context).close();
    }

    /** Blames the request for an argument that is refused; only where no caller's own code runs in a handler. */
    static void blameRequest(RoutesConfig routes) {
        routes.exception(
                IllegalArgumentException.class,
                (error, context) -> json(context, 400, Problem.bodyOf(error.getMessage())));
        routes.exception(
                NoSuchElementException.class,
                (error, context) -> json(context, 404, Problem.bodyOf(error.getMessage())));
    }

    private static EndPoint connection(Context context) {
        return ServletContextRequest.getServletContextRequest(context.req())
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint();
    }

    private static void explainErrors(RoutesConfig routes) {
        routes.exception(Problem.class, (problem, context) -> json(context, problem.status(), problem.body()));
        routes.exception(HttpResponseException.class, (error, context) -> {
            String sentence = "%s %s: %s".formatted(context.method(), context.path(), error.getMessage());
            json(context, error.getStatus(), Problem.bodyOf(sentence));
        });
        routes.exception(Exception.class, (error, context) -> {
            LOG.error("{} {} failed", context.method(), context.path(), error);
            json(context, 500, Problem.bodyOf("The sandbox itself failed; its log says why."));
        });
    }
}
