package io.crmbridge.component.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.component.TestBridge;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.state.Change;
import io.crmbridge.state.Inboxes.Tally;
import io.crmbridge.state.Store;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** {@code POST /inbox/<name>} over real HTTP. */
@Timeout(60)
class IntakeTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SECRET = "not-a-real-secret-0123456789";
    private static final String PERSON = "{\"email\":\"ann@example.com\",\"name\":\"Ann\"}";
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    private Path folder;

    private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults());
    private final HttpClient http = HttpClient.newHttpClient();
    private TestBridge bridge;

    private record Said(int status, JsonNode body, HttpResponse<String> response) {
        String receipt() {
            return body.at("/entries/0/receipt").asText();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse(null);
        }
    }

    @AfterEach
    void close() {
        if (bridge != null) {
            bridge.close();
        }
        sandbox.close();
    }

    private TestBridge.Draft draft() {
        return TestBridge.in(folder, sandbox).yaml(InboxRouteTest.reading("first", "inbox:leads"));
    }

    private void start() throws IOException {
        bridge = draft().start();
    }

    private void startWith(String key, Object value) throws IOException {
        bridge = draft().set("bridge.inbox.leads." + key, value).start();
    }

    private void startWithSchema() throws IOException {
        bridge = draft().schema("leads", """
                        {"type": "object", "required": ["email"], "additionalProperties": false,
                         "properties": {"email": {"type": "string", "format": "email"},
                                        "name": {"type": "string", "maxLength": 20},
                                        "age": {"type": "integer"}}}""").start();
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + bridge.port() + "/inbox/" + path));
    }

    private Said send(HttpRequest request) {
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            return new Said(
                    response.statusCode(),
                    response.body().startsWith("{") ? JSON.readTree(response.body()) : null,
                    response);
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private Said post(String type, String body, String... headers) {
        return postTo("leads", type, body, headers);
    }

    private Said postTo(String path, String type, String body, String... headers) {
        HttpRequest.Builder request = to(path).POST(BodyPublishers.ofString(body));
        if (type != null) {
            request.header("Content-Type", type);
        }
        return send((headers.length == 0 ? request : request.headers(headers)).build());
    }

    private Said json(String body, String... headers) {
        return post("application/json", body, headers);
    }

    private Tally tally() {
        return bridge.store().inboxes().tallies().get(0);
    }

    private void awaitRefused(long count) {
        await().untilAsserted(() -> assertThat(tally().refused()).isEqualTo(count));
    }

    private List<Change> log() {
        return log(bridge.store());
    }

    private static List<Change> log(Store store) {
        return store.sources().feeds().stream()
                .filter(feed -> feed.name().equals("inbox/leads"))
                .flatMap(feed -> store.log().read(feed.id(), 0, 0, 20_000).stream())
                .toList();
    }

    private List<String> bodies() {
        return log().stream()
                .map(change -> new String(change.body(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void an_entry_is_on_disk_when_it_is_acknowledged_and_two_routes_get_it() throws IOException {
        bridge = draft().yaml(InboxRouteTest.reading("second", "inbox:leads")).start();

        Said said = json(PERSON);

        assertThat(said.status()).isEqualTo(202);
        assertThat(said.body().at("/entries/0/new").asBoolean()).isTrue();
        assertThat(said.body().get("accepted").asInt()).isEqualTo(1);
        // Another connection to the file sees what is committed and nothing else.
        try (Store other = Store.attach(folder.resolve("data"), Clock.systemUTC())) {
            assertThat(log(other)).extracting(Change::version).containsExactly(said.receipt());
        }
        bridge.awaitDelivered("first", 1);
        bridge.awaitDelivered("second", 1);
        assertThat(bridge.mock("first").getExchanges().get(0).getMessage().getBody(Map.class))
                .isEqualTo(Map.of("email", "ann@example.com", "name", "Ann"));
        bridge.close();
        bridge = null;
        try (Store again = Store.open(folder.resolve("data"), Clock.systemUTC())) {
            assertThat(log(again)).extracting(Change::recordId).containsExactly(said.receipt());
        }
    }

    @Test
    void each_entry_of_an_array_has_its_own_receipt() throws IOException {
        start();

        Said said = json("[{\"email\":\"a@example.com\"},{\"email\":\"b@example.com\"}]");

        assertThat(said.status()).isEqualTo(202);
        assertThat(said.body().get("accepted").asInt()).isEqualTo(2);
        assertThat(said.body().findValuesAsText("receipt"))
                .doesNotHaveDuplicates()
                .hasSize(2);
        assertThat(bodies()).containsExactly("{\"email\":\"a@example.com\"}", "{\"email\":\"b@example.com\"}");
    }

    @Test
    void forms_and_csv_are_taken() throws IOException {
        start();

        assertThat(post("application/x-www-form-urlencoded", "email=ann%40example.com&tag=a&tag=b&note=")
                        .status())
                .isEqualTo(202);
        assertThat(post(
                                "text/csv; charset=utf-8",
                                "\uFEFFemail,name\r\nben@example.com,\"Ben, \"\"B\"\"\"\r\nc@example.com,\r\n")
                        .status())
                .isEqualTo(202);
        assertThat(bodies())
                .containsExactly(
                        "{\"email\":\"ann@example.com\",\"tag\":[\"a\",\"b\"],\"note\":\"\"}",
                        "{\"email\":\"ben@example.com\",\"name\":\"Ben, \\\"B\\\"\"}",
                        "{\"email\":\"c@example.com\"}");
    }

    @Test
    void ten_thousand_entries_come_in_one_csv() throws IOException {
        bridge = TestBridge.in(folder, sandbox)
                .yaml(InboxRouteTest.reading("first", "inbox:leads?batchSize=1000"))
                .start();
        StringBuilder csv = new StringBuilder("email,name\n");
        IntStream.range(0, 10_000).forEach(i -> csv.append("p%d@example.com,Person %d\n".formatted(i, i)));

        Said said = post("text/csv", csv.toString(), "Idempotency-Key", "import-1");
        Said again = post("text/csv", csv.toString(), "Idempotency-Key", "import-1");

        assertThat(said.status()).isEqualTo(202);
        assertThat(said.body().get("accepted").asInt()).isEqualTo(10_000);
        assertThat(again.body().get("duplicates").asInt()).isEqualTo(10_000);
        assertThat(log()).hasSize(10_000);
        bridge.awaitDelivered("first", 10_000);
    }

    @Test
    void every_fault_is_named_and_nothing_of_the_request_is_accepted() throws IOException {
        startWithSchema();

        Said said = json("""
                [{"email":"good@example.com"},
                 {"email":"hush-no-address","name":"a name that is hush-much too long","age":1},
                 {"name":"x","hush":1},
                 "hush",
                 {"email":"b@example.com","email":"c@example.com"}]""");

        assertThat(said.status()).isEqualTo(400);
        assertThat(JSON.writeValueAsString(said.body().get("faults")))
                .isEqualTo("[{\"entry\":4,\"fault\":\"is no JSON object\"},"
                        + "{\"entry\":5,\"field\":\"/email\",\"fault\":\"is there twice\"},"
                        + "{\"entry\":2,\"field\":\"/email\",\"fault\":\"is no email\"},"
                        + "{\"entry\":2,\"field\":\"/name\",\"fault\":\"must be at most 20 characters long\"},"
                        + "{\"entry\":3,\"field\":\"/email\",\"fault\":\"is missing\"},"
                        + "{\"entry\":3,\"field\":\"/hush\",\"fault\":\"is not in the schema\"}]");
        assertThat(log()).isEmpty();
        awaitRefused(1);
    }

    @Test
    void what_is_right_is_accepted_where_the_sender_asks_for_it() throws IOException {
        startWithSchema();

        Said said = postTo(
                "leads?partial=true",
                "application/json",
                "[{\"email\":\"a@example.com\"},{\"email\":5},{\"email\":\"c@example.com\"}]",
                "Idempotency-Key",
                "k");

        assertThat(said.status()).isEqualTo(202);
        assertThat(said.body().at("/entries/1/entry").asInt()).isEqualTo(3);
        assertThat(said.body().get("faults").toString())
                .isEqualTo("[{\"entry\":2,\"field\":\"/email\",\"fault\":\"integer found, string expected\"}]");
        assertThat(log()).extracting(Change::recordId).containsExactly("k/1", "k/3");
        assertThat(postTo("leads?partial=true", "application/json", "[{\"email\":5}]")
                        .status())
                .isEqualTo(400);
        assertThat(postTo("leads?partial=true", "application/json", "[{\"email\":\"a@example.com\"},")
                        .status())
                .isEqualTo(400);
        assertThat(log()).hasSize(2);
    }

    @Test
    void numbers_in_forms_and_csv_count_as_numbers_for_the_schema() throws IOException {
        startWithSchema();

        assertThat(post("text/csv", "email,age\na@example.com,41\n").status()).isEqualTo(202);
        assertThat(json("{\"email\":\"a@example.com\",\"age\":\"41\"}").status())
                .isEqualTo(400);
        assertThat(post("application/x-www-form-urlencoded", "email=a%40example.com&age=many")
                        .body()
                        .at("/faults/0/field")
                        .asText())
                .isEqualTo("/age");
    }

    @Test
    void what_is_broken_is_refused_without_a_word_of_it() throws IOException {
        start();

        for (String broken : List.of(
                "",
                "hush",
                "{\"a\":hush}",
                "{\"a\":1",
                "{\"a\":1} hush",
                "[{\"a\":1},]",
                "5",
                "[]",
                "{\"a\":1e999}",
                "{\"a\":NaN}",
                "{\"a\":" + "9".repeat(2000) + "}")) {
            Said said = json(broken);
            assertThat(said.status()).as(broken).isEqualTo(400);
            assertThat(said.body().get("faults")).as(broken).isNotEmpty();
            assertThat(said.response().body()).as(broken).doesNotContain("hush");
        }
        for (String broken : List.of("", "a,a\n1,2\n", "a,b\n1\n", "a,\n1,2\n", "a\n\"hush", "a\n")) {
            Said said = post("text/csv", broken);
            assertThat(said.status()).as(broken).isEqualTo(400);
            assertThat(said.response().body()).as(broken).doesNotContain("hush");
        }
        assertThat(post("application/x-www-form-urlencoded", "a=%zz").status()).isEqualTo(400);
        assertThat(post("application/x-www-form-urlencoded", "").status()).isEqualTo(400);
        assertThat(send(to("leads")
                                .header("Content-Type", "text/csv")
                                .POST(BodyPublishers.ofByteArray(new byte[] {'a', '\n', (byte) 0xff, '\n'}))
                                .build())
                        .status())
                .isEqualTo(400);
        assertThat(json("{\"a\":1}", "Idempotency-Key", "k".repeat(256)).status())
                .isEqualTo(400);
        assertThat(log()).isEmpty();
        assertThat(json(PERSON).status()).isEqualTo(202);
    }

    @Test
    void deep_and_wide_json_is_harmless() throws IOException {
        start();

        assertThat(json("{\"a\":" + "[".repeat(31) + "]".repeat(31) + "}").status())
                .isEqualTo(202);
        Said deep = json("[{\"b\":1},{\"a\":" + "[".repeat(32) + "]".repeat(32) + "}]");
        assertThat(deep.status()).isEqualTo(400);
        assertThat(deep.body().at("/faults/0/entry").asInt()).isEqualTo(2);
        assertThat(deep.body().at("/faults/0/fault").asText()).isEqualTo("is nested deeper than 32");
        assertThat(json("[".repeat(500_000)).status()).isEqualTo(400);
        assertThat(json("{\"a\":".repeat(150_000)).status()).isEqualTo(400);
        StringBuilder wide = new StringBuilder("{\"n0\":0");
        IntStream.range(1, 60_000).forEach(i -> wide.append(",\"n%d\":%d".formatted(i, i)));
        assertThat(json(wide.append("}").toString()).status()).isEqualTo(202);
        assertThat(log()).hasSize(2);
    }

    @Test
    void names_that_are_there_twice_and_numbers_without_end_are_faults_of_their_entries() throws IOException {
        start();

        Said twice = json("[{\"a\":{\"b\":1,\"b\":2}},{\"c\":1,\"c\":1}]");
        assertThat(twice.status()).isEqualTo(400);
        assertThat(twice.body().at("/faults/0/field").asText()).isEqualTo("/a/b");
        assertThat(twice.body().at("/faults/1/field").asText()).isEqualTo("/c");
        assertThat(json("{\"a\":1e1000000000}").status()).isEqualTo(400);
        assertThat(json("{\"a\":-1e-1000000000}").status()).isEqualTo(202);
        assertThat(json("{\"a\":" + "1".repeat(999) + "}").status()).isEqualTo(202);
        assertThat(json("{\"a\":0." + "1".repeat(900_000) + "}").status()).isEqualTo(400);
        assertThat(json("{\"" + "n".repeat(900_000) + "\":1}").status()).isEqualTo(400);
    }

    @Test
    void a_request_of_very_many_entries_or_fields_is_answered_soon() throws IOException {
        bridge = draft().set("bridge.inbox.leads.max-body", "2MB")
                .schema("leads", "{\"type\": \"object\", \"required\": [\"email\"]}")
                .start();

        assertThat(json("[" + "{},".repeat(600_000) + "{}]").status()).isEqualTo(413);
        assertThat(json("[" + "{},".repeat(20_000) + "{}]").status()).isEqualTo(400);
        Said fields = post(
                "application/x-www-form-urlencoded",
                "email=a&"
                        + IntStream.range(0, 100_000)
                                .mapToObj(i -> "f" + i + "=1")
                                .collect(Collectors.joining("&")));
        assertThat(fields.status()).isEqualTo(202);
        assertThat(post("application/x-www-form-urlencoded", "email=a" + "&x=1".repeat(250_000))
                        .status())
                .isEqualTo(202);
        assertThat(post("application/x-www-form-urlencoded", "&".repeat(1_000_000))
                        .status())
                .isEqualTo(400);
        assertThat(json("{\"email\":\"ann@example.com\"}").status()).isEqualTo(202);
    }

    @Test
    void an_inbox_that_no_route_reads_and_other_methods_and_forms_are_refused() throws IOException {
        bridge = draft().yaml(InboxRouteTest.appending("inbox:written")).start();

        assertThat(postTo("nobody", "application/json", PERSON).status()).isEqualTo(404);
        assertThat(postTo("written", "application/json", PERSON).status()).isEqualTo(404);
        for (String method : List.of("GET", "PUT", "DELETE", "PATCH")) {
            Said said = send(to("leads").method(method, BodyPublishers.noBody()).build());
            assertThat(said.status()).as(method).isEqualTo(405);
            assertThat(said.header("Allow")).contains("POST");
        }
        assertThat(post("text/plain", "hello").status()).isEqualTo(415);
        assertThat(post(null, "hello").status()).isEqualTo(415);
        assertThat(post("text/csv; charset=klingon", "a\n1\n").status()).isEqualTo(415);
        assertThat(json(PERSON, "Content-Encoding", "gzip").status()).isEqualTo(415);
        assertThat(log()).isEmpty();
    }

    @Test
    void a_request_that_is_too_large_is_refused_whether_it_says_so_or_not() throws IOException {
        startWith("max-body", "2KB");
        String large = "{\"a\":\"" + "x".repeat(2048) + "\"}";

        assertThat(json(large).status()).isEqualTo(413);
        assertThat(send(to("leads")
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofInputStream(
                                        () -> new java.io.ByteArrayInputStream(large.getBytes(StandardCharsets.UTF_8))))
                                .build())
                        .status())
                .isEqualTo(413);
        assertThat(json("{\"a\":\"" + "x".repeat(2048 - 8) + "\"}").status()).isEqualTo(202);
    }

    @Test
    void without_a_secret_only_requests_of_this_machine_are_taken() throws IOException {
        start();

        assertThat(json(PERSON, "X-Forwarded-For", "203.0.113.9").status()).isEqualTo(403);
        assertThat(json(PERSON, "Origin", "https://evil.example.com").status()).isEqualTo(403);
        assertThat(rawStatus("evil.example.com")).isEqualTo(403);
        assertThat(rawStatus("localhost:1")).isEqualTo(202);
        assertThat(log()).hasSize(1);
    }

    /** The JDK's client lets nobody choose the header Host. */
    private int rawStatus(String host, String... headers) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", bridge.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /inbox/leads HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n%s"
                            + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
                    .formatted(host, String.join("", headers))
                    .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Integer.parseInt(answer.split(" ")[1]);
        }
    }

    @Test
    void with_a_secret_who_knows_it_is_taken_from_anywhere() throws IOException {
        startWith("secret", SECRET);

        assertThat(json(PERSON).status()).isEqualTo(401);
        assertThat(json(PERSON, "Authorization", "Bearer wrong").status()).isEqualTo(401);
        assertThat(json(PERSON, "Authorization", "Basic " + SECRET).status()).isEqualTo(401);
        assertThat(json(PERSON).header("WWW-Authenticate")).isEqualTo("Bearer");
        assertThat(log()).isEmpty();
        assertThat(json(PERSON, "Authorization", "bearer " + SECRET).status()).isEqualTo(202);
        assertThat(rawStatus("crm.example.com", "Authorization: Bearer " + SECRET + "\r\n"))
                .isEqualTo(202);
    }

    @Test
    void a_standard_webhook_is_verified_and_its_id_is_its_key() throws Exception {
        String secret = "whsec_"
                + Base64.getEncoder()
                        .encodeToString("0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8));
        bridge = draft().clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .set("bridge.inbox.leads.secret", secret)
                .set("bridge.inbox.leads.signature", "standard-webhooks")
                .start();
        long now = NOW.getEpochSecond();

        assertThat(webhook("msg_1", now, PERSON, signed("msg_1", now, PERSON)).status())
                .isEqualTo(202);
        assertThat(webhook("msg_1", now, PERSON, "v1,AAAA " + signed("msg_1", now, PERSON))
                        .body()
                        .get("duplicates")
                        .asInt())
                .isEqualTo(1);
        assertThat(webhook("msg_2", now, PERSON, signed("msg_1", now, PERSON)).status())
                .isEqualTo(401);
        assertThat(webhook("msg_3", now, PERSON + " ", signed("msg_3", now, PERSON))
                        .status())
                .isEqualTo(401);
        assertThat(webhook("msg_4", now - 300, PERSON, signed("msg_4", now - 300, PERSON))
                        .status())
                .isEqualTo(202);
        assertThat(webhook("msg_5", now - 301, PERSON, signed("msg_5", now - 301, PERSON))
                        .status())
                .isEqualTo(401);
        assertThat(webhook("msg_6", now + 301, PERSON, signed("msg_6", now + 301, PERSON))
                        .status())
                .isEqualTo(401);
        assertThat(json(PERSON).status()).isEqualTo(401);
        assertThat(json(PERSON, "Authorization", "Bearer " + secret).status()).isEqualTo(401);
        assertThat(log()).extracting(Change::recordId).containsExactly("msg_1", "msg_4");
    }

    private Said webhook(String id, long at, String body, String signature) {
        return json(body, "webhook-id", id, "webhook-timestamp", Long.toString(at), "webhook-signature", signature);
    }

    private static String signed(String id, long at, String body) throws GeneralSecurityException {
        byte[] mac = hmac("0123456789abcdef0123456789abcdef", id + "." + at + "." + body);
        return "v1," + Base64.getEncoder().encodeToString(mac);
    }

    private static byte[] hmac(String key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_webhook_of_github_is_verified_and_its_delivery_is_its_key() throws Exception {
        bridge = draft().set("bridge.inbox.leads.secret", SECRET)
                .set("bridge.inbox.leads.signature", "github")
                .start();
        String right = "sha256=" + HexFormat.of().formatHex(hmac(SECRET, PERSON));

        assertThat(json(PERSON, "X-Hub-Signature-256", right, "X-GitHub-Delivery", "d-1")
                        .status())
                .isEqualTo(202);
        assertThat(json(PERSON, "X-Hub-Signature-256", right, "X-GitHub-Delivery", "d-1")
                        .body()
                        .get("duplicates")
                        .asInt())
                .isEqualTo(1);
        assertThat(json(PERSON + " ", "X-Hub-Signature-256", right).status()).isEqualTo(401);
        assertThat(json(PERSON).status()).isEqualTo(401);
        assertThat(log()).extracting(Change::recordId).containsExactly("d-1");
    }

    @Test
    void a_webhook_of_highlevel_is_verified_and_its_id_is_its_key() throws Exception {
        KeyPair ed25519 = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        bridge = draft().clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .set("bridge.inbox.leads.signature", "highlevel")
                .set("bridge.inbox.leads.public-key", base64(ed25519.getPublic().getEncoded()))
                .start();
        String first = highLevel("w-1", NOW);

        assertThat(json(first, "X-GHL-Signature", signed(ed25519, "Ed25519", first))
                        .status())
                .isEqualTo(202);
        assertThat(json(first, "X-GHL-Signature", signed(ed25519, "Ed25519", first))
                        .body()
                        .get("duplicates")
                        .asInt())
                .isEqualTo(1);
        assertThat(json(first + " ", "X-GHL-Signature", signed(ed25519, "Ed25519", first))
                        .status())
                .isEqualTo(401);
        for (String wrong : List.of("N/A", "AAAA", "")) {
            assertThat(json(first, "X-GHL-Signature", wrong).status()).isEqualTo(401);
        }
        assertThat(json(first).status()).isEqualTo(401);
        String old = highLevel("w-2", NOW.minus(Duration.ofHours(25)));
        assertThat(json(old, "X-GHL-Signature", signed(ed25519, "Ed25519", old)).status())
                .isEqualTo(401);
        String late = highLevel("w-3", NOW.minus(Duration.ofHours(23)));
        assertThat(json(late, "X-GHL-Signature", signed(ed25519, "Ed25519", late))
                        .status())
                .isEqualTo(202);
        assertThat(log()).extracting(Change::recordId).containsExactly("w-1", "w-3");
    }

    @Test
    void the_older_webhook_of_highlevel_needs_its_key_and_the_published_key_is_the_usual_one() throws Exception {
        KeyPair rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        String pem = "-----BEGIN PUBLIC KEY-----\\\\n%s\\\\n-----END PUBLIC KEY-----"
                .formatted(base64(rsa.getPublic().getEncoded()));
        bridge = draft().set("bridge.inbox.leads.signature", "highlevel")
                .set("bridge.inbox.leads.public-key", pem)
                .set("bridge.inbox.usual.signature", "highlevel")
                .yaml(InboxRouteTest.reading("usual", "inbox:usual"))
                .start();
        String body = highLevel("w-1", Instant.now());

        assertThat(json(body, "X-WH-Signature", signed(rsa, "SHA256withRSA", body))
                        .status())
                .isEqualTo(202);
        assertThat(json(body, "X-GHL-Signature", signed(rsa, "SHA256withRSA", body))
                        .status())
                .isEqualTo(401);
        assertThat(postTo(
                                "usual",
                                "application/json",
                                body,
                                "X-GHL-Signature",
                                signed(KeyPairGenerator.getInstance("Ed25519").generateKeyPair(), "Ed25519", body))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void a_signature_of_the_bundles_choice_is_verified_by_a_public_key_or_a_secret() throws Exception {
        KeyPair ed25519 = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        KeyPair rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        bridge = draft().set("bridge.inbox.leads.signature", "custom")
                .set("bridge.inbox.leads.signature-header", "X-Sender-Signature")
                .set("bridge.inbox.leads.public-key", base64(ed25519.getPublic().getEncoded()))
                .set("bridge.inbox.older.signature", "custom")
                .set("bridge.inbox.older.signature-header", "X-Sender-Signature")
                .set("bridge.inbox.older.public-key", base64(rsa.getPublic().getEncoded()))
                .set("bridge.inbox.shared.signature", "custom")
                .set("bridge.inbox.shared.signature-header", "X-Shared")
                .set("bridge.inbox.shared.secret", "shared-secret")
                .yaml(InboxRouteTest.reading("older", "inbox:older"))
                .yaml(InboxRouteTest.reading("shared", "inbox:shared"))
                .start();
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("shared-secret".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        byte[] hmac = mac.doFinal(PERSON.getBytes(StandardCharsets.UTF_8));
        String hex = HexFormat.of().formatHex(hmac);

        assertThat(status("leads", "X-Sender-Signature", signed(ed25519, "Ed25519", PERSON)))
                .isEqualTo(202);
        assertThat(status("older", "X-Sender-Signature", signed(rsa, "SHA256withRSA", PERSON)))
                .isEqualTo(202);
        assertThat(status("shared", "X-Shared", base64(hmac))).isEqualTo(202);
        assertThat(status("shared", "X-Shared", "sha256=" + hex)).isEqualTo(202);

        assertThat(status("older", "X-Sender-Signature", signed(ed25519, "Ed25519", PERSON)))
                .isEqualTo(401);
        assertThat(status("leads", "X-Other", signed(ed25519, "Ed25519", PERSON)))
                .isEqualTo(401);
        assertThat(status("shared", "X-Shared", hex.substring(2))).isEqualTo(401);
        assertThat(status("shared", "X-Shared", "")).isEqualTo(401);
        assertThat(status("shared", "Authorization", "Bearer shared-secret")).isEqualTo(401);
    }

    private int status(String inbox, String header, String value) throws Exception {
        return postTo(inbox, "application/json", PERSON, header, value).status();
    }

    private static String highLevel(String id, Instant at) {
        return "{\"type\":\"ContactCreate\",\"webhookId\":\"%s\",\"timestamp\":\"%s\",\"email\":\"ann@example.com\"}"
                .formatted(id, at);
    }

    private static String signed(KeyPair keys, String algorithm, String body) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(keys.getPrivate());
        signature.update(body.getBytes(StandardCharsets.UTF_8));
        return base64(signature.sign());
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Test
    void the_rate_is_kept_within_any_minute() throws IOException {
        bridge = draft().clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .set("bridge.inbox.leads.rate", 3)
                .start();

        IntStream.range(0, 3).forEach(i -> assertThat(json(PERSON).status()).isEqualTo(202));
        Said said = json(PERSON);

        assertThat(said.status()).isEqualTo(429);
        assertThat(Integer.parseInt(said.header("Retry-After"))).isBetween(60, 61);
        assertThat(log()).hasSize(3);
    }

    @Test
    void a_key_is_accepted_once_also_over_a_restart_and_from_many_at_once() throws IOException {
        TestBridge.Draft draft = draft();
        bridge = draft.start();
        List<CompletableFuture<Said>> all = IntStream.range(0, 20)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> json(PERSON, "Idempotency-Key", "order-7")))
                .toList();
        List<Said> said = all.stream().map(CompletableFuture::join).toList();

        assertThat(said).allSatisfy(one -> assertThat(one.status()).isEqualTo(202));
        assertThat(said.stream().filter(one -> one.body().get("accepted").asInt() == 1))
                .hasSize(1);
        assertThat(said.stream().map(Said::receipt).distinct()).hasSize(1);
        bridge.awaitDelivered("first", 1);
        bridge.close();
        bridge = draft.start();

        Said again = json(PERSON, "Idempotency-Key", "order-7");
        assertThat(again.status()).isEqualTo(202);
        assertThat(again.body().at("/entries/0/new").asBoolean()).isFalse();
        assertThat(again.receipt()).isEqualTo(said.get(0).receipt());
        assertThat(log()).hasSize(1);
        assertThat(tally()).isEqualTo(new Tally(tally().feedId(), 1, 20, 0, 0));
    }

    @Test
    void a_page_of_a_named_origin_may_post_and_no_other() throws IOException {
        startWith("cors", "https://www.example.com, https://shop.example.com:8443");

        Said preflight = preflight("https://www.example.com");
        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.header("Access-Control-Allow-Origin")).isEqualTo("https://www.example.com");
        assertThat(preflight.header("Access-Control-Allow-Methods")).isEqualTo("POST");
        assertThat(json(PERSON, "Origin", "https://shop.example.com:8443").header("Access-Control-Allow-Origin"))
                .isEqualTo("https://shop.example.com:8443");
        for (String other : List.of("https://www.example.com.evil.example", "http://www.example.com", "null")) {
            assertThat(preflight(other).status()).as(other).isEqualTo(403);
            assertThat(preflight(other).header("Access-Control-Allow-Origin")).isNull();
            assertThat(json(PERSON, "Origin", other).status()).as(other).isEqualTo(403);
        }
        assertThat(log()).hasSize(1);
    }

    private Said preflight(String origin) {
        return send(to("leads")
                .method("OPTIONS", BodyPublishers.noBody())
                .headers("Origin", origin, "Access-Control-Request-Method", "POST")
                .build());
    }

    @Test
    void who_fills_in_the_hidden_field_is_answered_and_dropped() throws IOException {
        startWith("honeypot", "website");

        Said machine = post("application/x-www-form-urlencoded", "email=bot%40example.com&website=spam");
        Said person = post("application/x-www-form-urlencoded", "email=ann%40example.com&website=");

        assertThat(machine.status()).isEqualTo(202);
        assertThat(machine.body().at("/entries/0/new").asBoolean()).isTrue();
        assertThat(machine.body().properties()).hasSameSizeAs(person.body().properties());
        assertThat(bodies()).containsExactly("{\"email\":\"ann@example.com\"}");
        await().untilAsserted(() -> assertThat(tally().dropped()).isEqualTo(1));
    }

    @Test
    void a_bridge_that_stops_or_cannot_write_says_when_to_come_again_and_logs_no_entry() throws IOException {
        start();
        assertThat(json(PERSON).status()).isEqualTo(202);
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        logged.start();
        root.addAppender(logged);
        try {
            bridge.store().close();
            Said unwritten = json(PERSON);
            assertThat(unwritten.status()).isEqualTo(503);
            assertThat(unwritten.header("Retry-After")).isEqualTo("30");
        } finally {
            root.detachAppender(logged);
        }
        assertThat(logged.list)
                .anySatisfy(event -> assertThat(event.getFormattedMessage()).contains("inbox leads"))
                .allSatisfy(event -> assertThat(event.getFormattedMessage())
                        .doesNotContain("ann@")
                        .doesNotContain("Ann"));

        bridge.stopIntake();
        Said stopping = json(PERSON);
        assertThat(stopping.status()).isEqualTo(503);
        assertThat(stopping.header("Retry-After")).isEqualTo("30");
        assertThat(stopping.body().get("error").asText()).isEqualTo("the bridge stops");
    }
}
