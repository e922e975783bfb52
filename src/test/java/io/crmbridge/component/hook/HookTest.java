package io.crmbridge.component.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmbridge.component.TestBridge;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.sandbox.WebhookReceiver.Received;
import io.crmbridge.sandbox.WebhookReceiver.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HookTest {
    private static final String HOOK_ONLY = "- to: hook:erp";

    @TempDir
    private Path folder;

    private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults());
    private TestBridge bridge;

    @AfterEach
    void stop() {
        if (bridge != null) {
            bridge.close();
        }
        sandbox.close();
    }

    private TestBridge.Draft bundle() {
        return TestBridge.in(folder, sandbox);
    }

    private List<Received> received() {
        return sandbox.receiver().received();
    }

    private static byte[] hmac(byte[] key, String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What a receiver computes by the text of Standard Webhooks 1.0. */
    private static String expected(byte[] key, Received call) throws Exception {
        String id = call.headers().get("webhook-id");
        String timestamp = call.headers().get("webhook-timestamp");
        return "v1," + Base64.getEncoder().encodeToString(hmac(key, id + "." + timestamp + "." + call.text()));
    }

    @Test
    void the_signature_is_the_one_of_the_standards_own_example() {
        Signature signature = new Signature(new io.crmbridge.crm.Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));

        String signed = signature.sign(
                "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330L, "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8));

        assertThat(signed).isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void a_receiver_can_verify_the_signature_over_the_bytes_it_got() throws Exception {
        byte[] key = {(byte) 0xfb, (byte) 0xef, (byte) 0xff, 0x3e, 1, 2, 3, 4, 5};
        String secret = "whsec_" + Base64.getEncoder().encodeToString(key);
        assertThat(secret).contains("+").contains("/");
        bridge = bundle().hook("erp")
                .set("bridge.hook.erp.secret", secret)
                .set("bridge.hook.erp.header.X-Tenant", "acme")
                .route("deals", "deals", "", HOOK_ONLY)
                .start();

        bridge.create("deals", Map.of("name", "Grüße ✓"));
        bridge.awaitDelivered("deals", 1);

        Received call = received().get(0);
        assertThat(call.headers().get("webhook-signature")).isEqualTo(expected(key, call));
        assertThat(Long.parseLong(call.headers().get("webhook-timestamp")))
                .isCloseTo(System.currentTimeMillis() / 1000, org.assertj.core.data.Offset.offset(30L));
        assertThat(call.headers()).containsEntry("x-tenant", "acme");
        assertThat(call.headers().get("content-type")).startsWith("application/json");
        assertThat(call.text()).contains("Grüße ✓");
    }

    @Test
    void a_secret_that_is_plain_text_signs_as_it_is() throws Exception {
        bridge = bundle().hook("erp")
                .set("bridge.hook.erp.secret", "p+l/ain s3cret")
                .route("deals", "deals", "", HOOK_ONLY)
                .start();

        bridge.create("deals", Map.of("name", "Deal"));
        bridge.awaitDelivered("deals", 1);

        Received call = received().get(0);
        assertThat(call.headers().get("webhook-signature"))
                .isEqualTo(expected("p+l/ain s3cret".getBytes(StandardCharsets.UTF_8), call));
    }

    @Test
    void the_webhook_id_stays_over_retries_and_a_receiver_can_tell_changes_apart() throws IOException {
        AtomicInteger calls = new AtomicInteger();
        sandbox.receiver().answer(call -> switch (calls.incrementAndGet()) {
            case 1 -> Reply.of(500);
            case 2 -> Reply.dropped();
            default -> Reply.ok();
        });
        bridge = bundle().hook("erp")
                .route("deals", "deals", "retry.delay=10ms", HOOK_ONLY)
                .start();

        bridge.create("deals", Map.of("name", "One"));
        bridge.awaitDelivered("deals", 1);
        bridge.create("deals", Map.of("name", "Two"));
        bridge.awaitDelivered("deals", 2);

        List<String> ids = received().stream()
                .map(call -> call.headers().get("webhook-id"))
                .toList();
        assertThat(ids).hasSize(4);
        assertThat(ids.subList(0, 3)).containsOnly(ids.get(0));
        assertThat(ids.get(3)).isNotEqualTo(ids.get(0));
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 410})
    void a_target_that_refuses_pauses_the_route_with_an_alarm(int status) throws IOException {
        sandbox.receiver().answer(status);
        bridge = bundle().hook("erp").route("deals", "deals", "", HOOK_ONLY).start();

        bridge.create("deals", Map.of("name", "One"));
        bridge.awaitState("deals", "ALARM");
        bridge.create("deals", Map.of("name", "Two"));
        await().atMost(Duration.ofSeconds(5)).until(() -> bridge.route("deals").waiting() == 1);

        assertThat(received()).as("no call after the refusal").hasSize(1);
        assertThat(bridge.route("deals").dead()).isZero();
        assertThat(bridge.route("deals").reason()).contains("erp").contains(Integer.toString(status));
    }

    @Test
    void retry_after_is_honoured() throws IOException {
        AtomicInteger calls = new AtomicInteger();
        sandbox.receiver()
                .answer(call ->
                        calls.incrementAndGet() == 1 ? Reply.of(429).withHeader("Retry-After", "2") : Reply.ok());
        bridge = bundle().hook("erp")
                .route("deals", "deals", "retry.delay=10ms", HOOK_ONLY)
                .start();

        bridge.create("deals", Map.of("name", "One"));
        bridge.awaitDelivered("deals", 1);

        assertThat(Duration.between(received().get(0).at(), received().get(1).at()))
                .isGreaterThan(Duration.ofMillis(1900));
    }

    @Test
    void a_redirect_is_not_followed() throws IOException {
        sandbox.receiver()
                .answer(call -> call.path().equals("/erp")
                        ? Reply.of(307)
                                .withHeader(
                                        "Location",
                                        sandbox.receiver()
                                                .url()
                                                .resolve("elsewhere")
                                                .toString())
                        : Reply.ok());
        bridge = bundle().hook("erp").route("deals", "deals", "", HOOK_ONLY).start();

        bridge.create("deals", Map.of("name", "One"));
        bridge.awaitState("deals", "ALARM");

        assertThat(received()).extracting(Received::path).containsExactly("/erp");
    }

    @Test
    void the_answer_goes_to_a_property_and_the_body_stays() throws IOException {
        bridge = bundle().hook("erp")
                .route("deals", "deals", "", HOOK_ONLY + "\n- to: mock:out")
                .start();

        bridge.create("deals", Map.of("name", "Body"));
        bridge.awaitDelivered("deals", 1);

        Exchange exchange = bridge.mock("out").getExchanges().get(0);
        assertThat(exchange.getProperty("crmHookResponse", String.class)).isEqualTo("{\"ok\":true}");
        assertThat(exchange.getMessage().getBody(Map.class)).containsEntry("name", "Body");
        assertThat(exchange.getMessage().getHeaders().keySet())
                .noneMatch(name -> name.toLowerCase(java.util.Locale.ROOT).startsWith("webhook"));
    }

    @Test
    void a_body_that_is_no_json_is_permanent_and_not_tried_twelve_times() throws IOException {
        bridge = bundle().hook("erp")
                .route("deals", "deals", "retry.delay=10ms", "- to: mock:spoil\n- to: hook:erp")
                .start()
                .at("spoil", exchange -> exchange.getMessage().setBody(new Object()));

        bridge.create("deals", Map.of("name", "Body"));
        bridge.awaitDead("deals", 1);

        assertThat(bridge.store().deadLetters().list(false).get(0).attempts()).isEqualTo(1);
        assertThat(received()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"})
    void a_hook_that_points_inward_is_refused_unless_that_is_allowed(String host) throws IOException {
        int port = sandbox.receiver().url().getPort();
        bridge = bundle().set("bridge.hook.erp.url", "http://" + host + ":" + port + "/erp")
                .route("deals", "deals", "", HOOK_ONLY)
                .start();

        bridge.create("deals", Map.of("name", "One"));
        bridge.awaitState("deals", "ALARM");

        assertThat(bridge.route("deals").reason()).contains("bridge.hook.erp.allow-private=true");
        assertThat(received()).isEmpty();
    }

    @Test
    void a_url_in_the_route_works_and_is_no_way_inward_either() throws IOException {
        bridge = bundle().route(
                        "deals",
                        "deals",
                        "",
                        "- to: \"hook:" + sandbox.receiver().url() + "erp\"")
                .start();

        bridge.create("deals", Map.of("name", "One"));
        bridge.awaitState("deals", "ALARM");

        assertThat(bridge.route("deals").reason()).contains("inward");
        assertThat(received()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x=y",
                "b=2&a=1",
                "a=1&a=2",
                "flag",
                "next=https%3A%2F%2Fexample.com%2F%3Fa%3Db&name=Gr%C3%BC%C3%9Fe",
                "plus=a+b&space=a%20b&slash=a/b?c",
                "target=other&lazyStartProducer=maybe&hash=1",
                "token=RAW(x)&end="
            })
    void a_urls_query_reaches_the_target_untouched(String query) throws Exception {
        String url = sandbox.receiver().url() + "erp";
        bridge = bundle().hook("named")
                .set("bridge.hook.erp.url", url + "?" + query)
                .set("bridge.hook.erp.allow-private", true)
                .route("deals", "deals", "", "- to: hook:erp")
                .yaml("""
                        - route:
                            id: url
                            from:
                              uri: direct:url
                              steps:
                                - to:
                                    uri: "hook:%s"
                        """.formatted(url + "?" + query))
                .start();

        bridge.create("deals", Map.of("name", "One"));
        bridge.awaitDelivered("deals", 1);
        assertThat(received()).extracting(Received::query).containsExactly(query);

        HookEndpoint endpoint = bridge.camel().getEndpoints().stream()
                .filter(HookEndpoint.class::isInstance)
                .map(HookEndpoint.class::cast)
                .filter(hook -> hook.getTarget().startsWith("http"))
                .findFirst()
                .orElseThrow();
        assertThat(endpoint.settings().url()).hasToString(url + "?" + query);
        assertThat(endpoint.getTarget()).as("what errors name").isEqualTo(url);
    }

    @Test
    void a_urls_query_comes_also_from_parameters_and_sorted_by_camel_from_a_uri_made_for_each_exchange()
            throws Exception {
        bridge = bundle().yaml("""
                        - route:
                            id: made
                            from:
                              uri: direct:made
                              steps:
                                - toD:
                                    uri: "hook:https://example.invalid/erp?b=%20x%2Fy&a=${body}"
                        - route:
                            id: parameters
                            from:
                              uri: direct:parameters
                              steps:
                                - to:
                                    uri: hook:https://example.invalid/shop
                                    parameters:
                                      tenant: a%20b
                        """).start();

        bridge.camel()
                .createProducerTemplate()
                .send("direct:made", exchange -> exchange.getMessage().setBody("1"));

        assertThat(bridge.camel().getEndpoints())
                .filteredOn(HookEndpoint.class::isInstance)
                .extracting(
                        endpoint -> ((HookEndpoint) endpoint).settings().url().toString())
                .containsExactlyInAnyOrder(
                        "https://example.invalid/erp?a=1&b=+x%2Fy", "https://example.invalid/shop?tenant=a%20b");
    }

    @Test
    void two_urls_that_differ_in_their_query_alone_are_two_effects() throws Exception {
        bridge = bundle().route("deals", "deals", "", HOOK_ONLY).hook("erp").start();

        String one = endpoint("hook:https://example.com/?a=1").name();
        String other = endpoint("hook:https://example.com/?a=2").name();

        assertThat(one).isNotEqualTo(other).doesNotContain("a=1");
        assertThat(endpoint("hook:https://example.com/").name()).isEqualTo("hook:https://example.com/");
        assertThat(endpoint("hook:erp").name()).isEqualTo("hook:erp");
    }

    private HookEndpoint endpoint(String uri) {
        return bridge.camel().getEndpoint(uri, HookEndpoint.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.1.2.3",
                "172.16.0.1",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "0.1.2.3",
                "224.0.0.1",
                "255.255.255.255",
                "::",
                "fe80::1",
                "fc00::1",
                "fd12:3456::1",
                "ff02::1",
                "::127.0.0.1",
                "64:ff9b::127.0.0.1",
                "64:ff9b::a00:1",
                "2002:7f00:1::"
            })
    void an_inward_address_is_known_in_every_notation(String address) throws UnknownHostException {
        assertThat(InwardAddresses.isInward(InetAddress.getByName(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"93.184.216.34", "100.128.0.1", "172.32.0.1", "2606:2800:220:1::1", "64:ff9b::5db8:d822"})
    void an_outward_address_is_none(String address) throws UnknownHostException {
        assertThat(InwardAddresses.isInward(InetAddress.getByName(address))).isFalse();
    }

    @Test
    void nothing_of_the_secret_is_shown_when_it_is_wrong() {
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> new Signature(new io.crmbridge.crm.Secret("whsec_not base64 !"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("base64")
                .hasMessageNotContaining("not base64 !");
        assertThat(Arrays.asList(new io.crmbridge.crm.Secret("x")).toString()).isEqualTo("[***]");
    }
}
