package io.crmbridge.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/**
 * The least that makes a contact of a lead and enrols it: Java's own web server, two calls of the CRM while the client waits;
 * nothing is durable, known twice, or tried again.
 */
final class BenchBareLeads {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String server;
    private final CloseableHttpClient client = HttpClients.custom()
            .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                    .setMaxConnPerRoute(BenchLoad.CLIENTS)
                    .setMaxConnTotal(BenchLoad.CLIENTS)
                    .build())
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableCookieManagement()
            .disableAuthCaching()
            .disableContentCompression()
            .build();

    private BenchBareLeads(String server) {
        this.server = server;
    }

    /** Arguments: server, warm-up, counted. */
    public static void main(String[] arguments) throws Exception {
        BenchBareLeads leads = new BenchBareLeads(arguments[0]);
        measure(arguments, leads::take);
        leads.client.close();
    }

    /** What is done with a lead before its 202. */
    interface Work {
        void take(byte[] lead) throws Exception;
    }

    /** Serves {@code POST /inbox/leads} while it is measured. */
    static void measure(String[] arguments, Work work) throws Exception {
        // Without it each answer waits for an acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        int warmUp = Integer.parseInt(arguments[1]);
        int counted = Integer.parseInt(arguments[2]);
        HttpServer web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        ExecutorService threads = Executors.newFixedThreadPool(BenchLoad.CLIENTS);
        web.setExecutor(threads);
        web.createContext("/inbox/leads", exchange -> answer(exchange, work));
        web.start();
        try {
            BenchClock.leads(arguments[0], web.getAddress().getPort(), warmUp, counted, true);
        } finally {
            web.stop(0);
            threads.shutdown();
        }
    }

    private static void answer(HttpExchange exchange, Work work) throws IOException {
        int status = 202;
        try {
            work.take(exchange.getRequestBody().readAllBytes());
        } catch (Exception e) {
            status = 503;
        }
        byte[] body = "{\"accepted\":1}".getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private void take(byte[] lead) throws IOException {
        byte[] contact = post("/api/agent/contacts", lead);
        String id = JSON.readTree(contact).path("id").asText();
        post(
                "/api/agent/sequences/cmseq0000000000001/enroll",
                ("{\"contactIds\":[\"" + id + "\"]}").getBytes(StandardCharsets.UTF_8));
    }

    private byte[] post(String path, byte[] body) throws IOException {
        HttpPost post = new HttpPost(server + path);
        post.setHeader("x-api-key", "icrm_00000000000000000000000000000000");
        post.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
        return client.execute(post, response -> {
            byte[] answer = EntityUtils.toByteArray(response.getEntity());
            if (response.getCode() != 201) {
                throw new IOException("the CRM answered " + response.getCode());
            }
            return answer;
        });
    }
}
