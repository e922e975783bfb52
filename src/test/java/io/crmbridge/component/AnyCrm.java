package io.crmbridge.component;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A server that answers like whatever CRM is asked: lists with rows, all else with a record. The first part of the path says how:
 * {@code ok}, a status, or {@code late} for no answer at all.
 */
public final class AnyCrm implements AutoCloseable {
    static {
        // Headers and body are two packets, and the second one waits for the first one's acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    public static final String WORKSPACE = "w1";
    private static final String RECORD = "{\"id\": \"%s\", \"name\": \"One\"}".formatted(WORKSPACE);

    public static final String ONE = "[" + RECORD + "]";

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final HttpServer server;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> records;
    private volatile String rows = ONE;

    /** @param records paths that are answered with a record, though they are read */
    public AnyCrm(List<String> records) throws IOException {
        this.records = records;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    public URI url(String how) {
        return URI.create("http://127.0.0.1:%d/%s".formatted(server.getAddress().getPort(), how));
    }

    public void rows(String json) {
        rows = json;
    }

    /** Verb and path of each request since the last time. */
    public List<String> requests() {
        List<String> all = List.copyOf(requests);
        requests.clear();
        return all;
    }

    private void answer(HttpExchange http) throws IOException {
        String path = http.getRequestURI().getPath();
        String how = path.split("/")[1];
        String asked = path.substring(how.length() + 1);
        http.getRequestBody().readAllBytes();
        requests.add(http.getRequestMethod() + " " + asked);
        try (http) {
            if (how.equals("late")) {
                closed.await();
                return;
            }
            boolean lists = asked.endsWith("/search")
                    || http.getRequestMethod().equals("GET") && records.stream().noneMatch(asked::startsWith);
            byte[] body = (lists ? rows : RECORD).getBytes(StandardCharsets.UTF_8);
            http.getResponseHeaders().putAll(Map.of("Content-Type", List.of("application/json")));
            http.getResponseHeaders()
                    .set("Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)));
            http.sendResponseHeaders(how.equals("ok") ? 200 : Integer.parseInt(how), body.length);
            http.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
