package io.crmbridge.bundle.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.Finding;
import io.crmbridge.bundle.pack.Archive;
import io.crmbridge.bundle.pack.PackedBundles;
import io.crmbridge.crm.Secret;
import io.crmbridge.state.Deployments;
import io.crmbridge.web.WebServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Over HTTP only those who know the token deploy, and no page in a browser does. */
@Timeout(60)
class BundleApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path temp;

    private final HttpClient http = HttpClient.newHttpClient();
    private final RecordingHost host = new RecordingHost();
    private Deployments deployments;
    private String token;
    private byte[] one;
    private WebServer web;

    @BeforeEach
    void serve() throws IOException {
        Path data = Files.createDirectories(temp.resolve("data"));
        deployments = new Deployments(data, Clock.systemUTC());
        Path folder = PackedBundles.folder(temp.resolve("deals"), "1.0.0", "a");
        one = PackedBundles.pack(folder).zip();
        Secret secret = ApiToken.in(data);
        token = secret.value();
        Running bridge = new Running.Bridge(host, Bundle.at(folder, Map.of()), Optional.empty());
        Deployer deployer = new Deployer(deployments, Optional.empty(), bridge, Map.of(), Optional.empty());
        web = WebServer.start(0, Map.of(), new BundleApi(secret, deployer).takers());
    }

    @AfterEach
    void stop() {
        web.close();
    }

    private record Said(int status, JsonNode json, HttpResponse<String> response) {}

    private Said send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
        return new Said(response.statusCode(), JSON.readTree(response.body()), response);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + web.port() + path));
    }

    private HttpRequest.Builder known(String path) {
        return request(path).header("Authorization", "Bearer " + token);
    }

    private Said post(byte[] zip) throws IOException, InterruptedException {
        return send(known("/api/bundle?who=ann").POST(BodyPublishers.ofByteArray(zip)));
    }

    @Test
    void a_zip_is_deployed_listed_and_rolled_back() throws Exception {
        Said first = post(one);
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.json().at("/outcome").asText()).isEqualTo("deployed");
        assertThat(first.json().at("/deployment/who").asText()).isEqualTo("ann");
        assertThat(first.json().at("/swap/started/0").asText()).isEqualTo("a");

        Path next = PackedBundles.folder(temp.resolve("deals"), "2.0.0", "a", "b");
        assertThat(post(PackedBundles.pack(next).zip())
                        .json()
                        .at("/deployment/number")
                        .asInt())
                .isEqualTo(2);
        assertThat(post(PackedBundles.pack(next).zip()).json().at("/outcome").asText())
                .isEqualTo("unchanged");

        Said back = send(known("/api/bundle/rollback").POST(BodyPublishers.noBody()));
        assertThat(back.json().at("/deployment/version").asText()).isEqualTo("1.0.0");
        assertThat(back.json().at("/deployment/who").asText()).isEqualTo("HTTP API");
        assertThat(send(known("/api/bundle/rollback?to=2").POST(BodyPublishers.noBody()))
                        .json()
                        .at("/deployment/version")
                        .asText())
                .isEqualTo("2.0.0");

        JsonNode list = send(known("/api/bundle")).json();
        assertThat(list.findValuesAsText("number")).containsExactly("4", "3", "2", "1");
        assertThat(list.at("/0/current").asBoolean()).isTrue();
        assertThat(list.at("/0/running").asBoolean()).isTrue();
        assertThat(list.at("/1/running").asBoolean()).isFalse();
    }

    @Test
    void without_the_token_nothing_is_told_and_nothing_is_done() throws Exception {
        for (String wrong :
                new String[] {"", "Bearer", "Bearer ", "Bearer x", "Basic " + token, token, "Bearer " + token + "x"}) {
            for (String path : new String[] {"/api/bundle", "/api/bundle/rollback", "/api/bundle?who=%00"}) {
                HttpRequest.Builder request = request(path).POST(BodyPublishers.ofByteArray(one));
                Said said = send(wrong.isEmpty() ? request : request.header("Authorization", wrong));
                assertThat(said.status()).as(wrong).isEqualTo(401);
                assertThat(said.response().headers().firstValue("WWW-Authenticate"))
                        .contains("Bearer");
            }
        }
        assertThat(send(request("/api/bundle")).status()).as("the history").isEqualTo(401);
        assertThat(deployments.history()).isEmpty();
        assertThat(host.taken()).isEmpty();
    }

    @Test
    void a_page_in_a_browser_is_refused_though_it_knows_the_token() throws Exception {
        Said said = send(known("/api/bundle")
                .header("Origin", "http://127.0.0.1:" + web.port())
                .POST(BodyPublishers.ofByteArray(one)));
        assertThat(said.status()).isEqualTo(403);

        Said preflight = send(request("/api/bundle")
                .header("Origin", "https://www.example.com")
                .header("Access-Control-Request-Method", "POST")
                .method("OPTIONS", BodyPublishers.noBody()));
        assertThat(preflight.status()).isEqualTo(403);
        assertThat(preflight.response().headers().map().keySet()).noneMatch(name -> name.startsWith("access-control"));
        assertThat(deployments.history()).isEmpty();
    }

    @Test
    void what_is_refused_says_why() throws Exception {
        Said broken = post(new byte[] {1, 2, 3});
        assertThat(broken.status()).isEqualTo(422);
        assertThat(broken.json().at("/findings/0/message").asText()).contains("cannot be read as a zip");

        Said none = send(known("/api/bundle/rollback").POST(BodyPublishers.noBody()));
        assertThat(none.status()).isEqualTo(409);
        assertThat(none.json().at("/error").asText()).contains("nothing is deployed");

        host.failsWith(new Finding("routes/a.yaml", 3, "it does not start"));
        Said failed = post(one);
        assertThat(failed.status()).isEqualTo(422);
        assertThat(failed.json().at("/findings/0/line").asInt()).isEqualTo(3);
        assertThat(deployments.history()).isEmpty();
    }

    @Test
    void what_is_asked_wrongly_is_told() throws Exception {
        assertThat(send(known("/api/bundle").DELETE()).status()).isEqualTo(405);
        assertThat(send(known("/api/bundle/rollback")).status()).isEqualTo(405);
        assertThat(send(known("/api/bundle/rollback?to=last").POST(BodyPublishers.noBody()))
                        .status())
                .isEqualTo(400);
        assertThat(send(known("/api/bundle?who=a%0Ab").POST(BodyPublishers.ofByteArray(one)))
                        .status())
                .isEqualTo(400);
        assertThat(post(new byte[Archive.MOST_ZIPPED + 1]).status()).isEqualTo(413);
    }

    @Test
    void the_token_is_made_once_and_its_owner_alone_may_read_it() throws IOException {
        Path data = temp.resolve("data");

        assertThat(token).hasSize(43);
        assertThat(ApiToken.in(data).value()).isEqualTo(token);
        if (Files.getFileStore(data).supportsFileAttributeView("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("api-token"))))
                    .isEqualTo("rw-------");
        }
        Path other = Files.createDirectories(temp.resolve("other"));
        assertThat(ApiToken.in(other).value()).isNotEqualTo(token);
    }
}
