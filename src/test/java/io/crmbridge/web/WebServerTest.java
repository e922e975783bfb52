package io.crmbridge.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbridge.web.WebServer.Answer;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WebServerTest {

    @Test
    void pages_answer_to_a_loopback_host_only_and_who_takes_requests_decides_for_itself() throws IOException {
        try (WebServer web = WebServer.start(
                0,
                Map.of("/", () -> new Answer(200, "text/plain", "page")),
                Map.of(
                        "/take/{name}",
                        request -> new Answer(
                                202,
                                "text/plain",
                                request.method() + " " + request.name() + " " + request.isLocal(),
                                Map.of("Retry-After", "1"))))) {

            assertThat(said(web, "GET / HTTP/1.1", "localhost")).startsWith("HTTP/1.1 200");
            assertThat(said(web, "GET / HTTP/1.1", "evil.example.com")).startsWith("HTTP/1.1 403");
            assertThat(said(web, "POST /take/a HTTP/1.1", "localhost:80"))
                    .startsWith("HTTP/1.1 202")
                    .contains("Retry-After: 1")
                    .endsWith("POST a true");
            assertThat(said(web, "DELETE /take/b HTTP/1.1", "crm.example.com")).endsWith("DELETE b false");
            assertThat(said(web, "POST /take/a HTTP/1.1", "localhost\r\nForwarded: for=203.0.113.9"))
                    .endsWith("POST a false");
        }
    }

    private static String said(WebServer web, String line, String host) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", web.port())) {
            socket.getOutputStream()
                    .write((line + "\r\nHost: " + host + "\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
